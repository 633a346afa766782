package paseo.frames;

import java.util.List;
import paseo.events.Heartbeat;

/** Sends a file's access units: those that are to be looked at, and those that they need to be decoded. */
final class UnitCopy {
    private final FileSource source;
    private final SessionWriter writer;
    private final ProducerMetrics metrics;
    private final StopSignal stop;
    private final NeededUnits needed = new NeededUnits();

    UnitCopy(FileSource source, SessionWriter writer, ProducerMetrics metrics, StopSignal stop) {
        this.source = source;
        this.writer = writer;
        this.metrics = metrics;
        this.stop = stop;
    }

    /**
     * Reads the file to its end, or until the stop signal.
     *
     * @param seen number of the last frame that was handed on before, -1 for none
     * @throws VideoException if it breaks off
     */
    void copy(VideoFile video, UnitReader units, long seen) {
        String camera = source.status().camera();
        var read = metrics.read(camera);
        var sampledOut = metrics.sampledOut(camera);
        var alreadySeen = metrics.alreadySeen(camera);
        long pictures = 0;
        try {
            for (UnitReader.Unit unit = units.next(); unit != null; unit = units.next()) {
                boolean support = true;
                if (unit.number() >= 0) {
                    pictures++;
                    read.increment();
                    source.read(pictures - 1, unit.captureTimeMicros());
                    if (!unit.taken()) {
                        sampledOut.increment();
                    } else if (unit.number() <= seen) {
                        alreadySeen.increment();
                    } else {
                        support = false;
                    }
                }
                send(unit, support);
                if (stop.raised()) {
                    return;
                }
                writer.heartbeatWhenDue();
            }
            send(needed.end());
            video.unitsEnded(pictures);
            writer.end(Heartbeat.State.ENDED, "");
            source.done();
        } catch (VideoException e) {
            send(needed.end());
            writer.breakOff(e);
            throw e;
        }
    }

    private void send(UnitReader.Unit unit, boolean support) {
        if (unit.data().remaining() > KafkaClients.MAX_JPEG_BYTES) {
            throw new VideoException(source.status().name() + ": frame " + unit.number() + " takes "
                    + unit.data().remaining() + " bytes, more than a record holds: send it decoded");
        }
        send(needed.add(unit, support));
    }

    private void send(List<NeededUnits.Needed> units) {
        for (NeededUnits.Needed unit : units) {
            writer.awaitRoom();
            writer.write(unit.unit(), unit.support());
        }
    }
}
