package paseo.frames;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import paseo.operations.KafkaConnection;

/**
 * How frames are made and sent.
 *
 * @param kafka the way to Kafka
 * @param partitions of the topics, where they have to be created; at least 1
 * @param fps frames per second of presentation time to publish, above 0; empty for every frame
 * @param maxSide pixels of a JPEG's longer side at most; at least 16
 * @param jpegQuality 1 to 100, on libjpeg's scale
 * @param maxLag frames that may wait for the workers before the producer pauses; at least 1
 * @param settingsTag what else shapes a file's result, such as the model pack's id: another tag makes another session
 * @param partition to publish on; empty to choose by the first file
 * @param carry in what form a file's pictures are sent
 */
public record ProducerSettings(
        KafkaConnection kafka,
        int partitions,
        OptionalDouble fps,
        int maxSide,
        int jpegQuality,
        int maxLag,
        String settingsTag,
        OptionalInt partition,
        Carry carry) {

    private static final int SMALLEST_SIDE = 16;

    public ProducerSettings {
        check(partitions >= 1, "a topic has at least 1 partition, not " + partitions);
        check(
                fps.isEmpty() || (fps.getAsDouble() > 0 && fps.getAsDouble() <= 1000),
                "fps must lie above 0, up to 1000");
        check(maxSide >= SMALLEST_SIDE, "the longer side of a picture must be at least " + SMALLEST_SIDE + " pixels");
        check(jpegQuality >= 1 && jpegQuality <= 100, "JPEG quality must lie between 1 and 100");
        check(maxLag >= 1, "at least 1 frame must be allowed to wait");
        check(partition.isEmpty() || partition.getAsInt() >= 0, "a partition's number is at least 0");
    }

    /** Every frame, at most 1920 pixels, quality 90, 128 frames ahead of the workers. */
    public static ProducerSettings of(String bootstrapServers) {
        return of(KafkaConnection.of(bootstrapServers));
    }

    /** The same, where Kafka's clients need settings. */
    public static ProducerSettings of(KafkaConnection kafka) {
        return new ProducerSettings(
                kafka, 4, OptionalDouble.empty(), 1920, 90, 128, "", OptionalInt.empty(), Carry.DECODED);
    }

    public ProducerSettings withPartitions(int count) {
        return new ProducerSettings(kafka, count, fps, maxSide, jpegQuality, maxLag, settingsTag, partition, carry);
    }

    public ProducerSettings withFps(double framesPerSecond) {
        return withFps(OptionalDouble.of(framesPerSecond));
    }

    public ProducerSettings withFps(OptionalDouble framesPerSecond) {
        return new ProducerSettings(
                kafka, partitions, framesPerSecond, maxSide, jpegQuality, maxLag, settingsTag, partition, carry);
    }

    public ProducerSettings withMaxSide(int pixels) {
        return new ProducerSettings(kafka, partitions, fps, pixels, jpegQuality, maxLag, settingsTag, partition, carry);
    }

    public ProducerSettings withJpegQuality(int quality) {
        return new ProducerSettings(kafka, partitions, fps, maxSide, quality, maxLag, settingsTag, partition, carry);
    }

    public ProducerSettings withMaxLag(int frames) {
        return new ProducerSettings(
                kafka, partitions, fps, maxSide, jpegQuality, frames, settingsTag, partition, carry);
    }

    public ProducerSettings withSettingsTag(String tag) {
        return new ProducerSettings(kafka, partitions, fps, maxSide, jpegQuality, maxLag, tag, partition, carry);
    }

    public ProducerSettings withPartition(int number) {
        return new ProducerSettings(
                kafka, partitions, fps, maxSide, jpegQuality, maxLag, settingsTag, OptionalInt.of(number), carry);
    }

    public ProducerSettings withCarry(Carry form) {
        return new ProducerSettings(kafka, partitions, fps, maxSide, jpegQuality, maxLag, settingsTag, partition, form);
    }

    private static void check(boolean fine, String fault) {
        if (!fine) {
            throw new IllegalArgumentException(fault);
        }
    }
}
