package paseo.standalone;

import java.util.List;
import paseo.frames.CameraProducer;
import paseo.frames.FrameProducer;
import paseo.frames.ProducerSettings;
import paseo.inference.DetectionInterval;
import paseo.operations.Management;

/** The two kinds of {@link Services.Feed}. */
final class Feeds {
    private Feeds() {}

    /** How frames are made, from what a run is asked to do. */
    static ProducerSettings settings(Servers servers, RunSettings settings, String modelPack) {
        return ProducerSettings.of(servers.kafka())
                .withPartitions(servers.partitions())
                .withFps(settings.fps())
                .withCarry(settings.work().carry())
                .withSettingsTag(tag(settings.work(), modelPack));
    }

    /** What else shapes the result. */
    private static String tag(Work work, String modelPack) {
        return work.interval().equals(DetectionInterval.EVERY_FRAME)
                ? modelPack
                : modelPack + " every " + work.interval();
    }

    /** @param files the settings' inputs with each address replaced by its file */
    static FrameProducer files(
            Servers servers, RunSettings settings, List<String> files, String modelPack, Management management) {
        return new FrameProducer(settings(servers, settings, modelPack), files, management);
    }

    /**
     * The cameras that are given, or all that are stored where none is.
     *
     * @throws Refusal if an address is none
     */
    static CameraProducer cameras(Servers servers, RunSettings settings, String modelPack, Management management) {
        ProducerSettings producer = settings(servers, settings, modelPack);
        try {
            return settings.inputs().isEmpty()
                    ? CameraProducer.ofTopic(producer, management)
                    : CameraProducer.of(producer, settings.inputs(), management);
        } catch (IllegalArgumentException e) {
            throw Refusal.atStart(e);
        }
    }

    static Services.Feed of(FrameProducer producer) {
        return new Services.Feed() {
            @Override
            public void run() {
                producer.run();
            }

            @Override
            public void close() {
                producer.close();
            }
        };
    }

    static Services.Feed of(CameraProducer producer) {
        return new Services.Feed() {
            @Override
            public void run() {
                producer.run();
            }

            @Override
            public void close() {
                producer.close();
            }
        };
    }
}
