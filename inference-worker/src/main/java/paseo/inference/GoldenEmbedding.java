package paseo.inference;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import paseo.events.Embedding;

/**
 * What a pack's embedder made of the self-test's picture where the pack was described: the file
 * {@code packs/NAME@VERSION.golden}, its values separated by commas. A processor, a runtime or an accelerator that
 * computes something else is found out before it has looked at a face.
 */
final class GoldenEmbedding {
    /** Rounding differs between processors by less than a thousandth of this. */
    static final double LEAST = 0.999;

    private GoldenEmbedding() {}

    /** Of that pack; empty where none was made. */
    static Optional<Embedding> of(ModelPack pack) {
        try (InputStream file = GoldenEmbedding.class.getResourceAsStream("/packs/" + fileName(pack))) {
            return file == null
                    ? Optional.empty()
                    : Optional.of(parse(new String(file.readAllBytes(), StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + fileName(pack), e);
        }
    }

    static String fileName(ModelPack pack) {
        return pack.id() + ".golden";
    }

    private static Embedding parse(String text) {
        List<String> words = Arrays.asList(text.strip().split(",", -1));
        float[] values = new float[words.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.parseFloat(words.get(i));
        }
        return Embedding.normalised(values);
    }

    /** The file's text. */
    static String write(Embedding embedding) {
        return IntStream.range(0, embedding.dimension())
                .mapToObj(i -> Float.toString(embedding.get(i)))
                .collect(Collectors.joining(",", "", "\n"));
    }
}
