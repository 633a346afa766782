/**
 * Frames to faces: detect, landmarks, pose, quality, align, embed.
 *
 * <p>Start reading at {@link paseo.inference.Main}, then {@link paseo.inference.FacePipeline}; what differs between
 * models is data, in {@link paseo.inference.ModelPack}.
 */
@NullMarked
package paseo.inference;

import org.jspecify.annotations.NullMarked;
