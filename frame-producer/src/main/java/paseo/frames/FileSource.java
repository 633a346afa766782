package paseo.frames;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import paseo.events.Heartbeat;
import paseo.frames.Inputs.BadInput;
import paseo.frames.Inputs.FileInput;
import paseo.frames.Inputs.Input;
import paseo.frames.SourceStatus.State;

/** One input of a run, and how far it is. Written by the thread that reads it, asked by any. */
final class FileSource {
    private final Input input;
    private final AtomicLong published = new AtomicLong();
    private volatile SourceStatus status;

    FileSource(Input input) {
        this.input = input;
        status = new SourceStatus(
                "", 0, input.name(), State.WAITING, 0, 0, OptionalLong.empty(), 0, 0, Optional.empty());
        if (input instanceof BadInput bad) {
            failed(bad.error());
        }
    }

    /** The file to read; empty for an input that is none. */
    Optional<FileInput> file() {
        return input instanceof FileInput file ? Optional.of(file) : Optional.empty();
    }

    SourceStatus status() {
        SourceStatus now = status;
        return new SourceStatus(
                now.camera(),
                now.epoch(),
                now.name(),
                now.state(),
                now.framesRead(),
                published.get(),
                now.framesExpected(),
                now.positionSeconds(),
                now.durationSeconds(),
                now.error());
    }

    boolean over() {
        return status.state() == State.DONE || status.state() == State.FAILED;
    }

    void began(Session session, VideoFile video) {
        status = new SourceStatus(
                session.camera(),
                session.epoch(),
                input.name(),
                State.READING,
                0,
                0,
                video.expectedFrames(),
                0,
                video.source().durationMicros() / 1e6,
                Optional.empty());
    }

    /** A frame was read. */
    void read(long number, long captureTimeMicros) {
        update(status.state(), number + 1, captureTimeMicros / 1e6, status.error());
    }

    void acknowledged() {
        published.incrementAndGet();
    }

    /** Says what a source waits for; empty when it waits no longer. */
    void waitsFor(Optional<String> note) {
        update(status.state(), status.framesRead(), status.positionSeconds(), note);
    }

    void done() {
        update(State.DONE, status.framesRead(), status.positionSeconds(), Optional.empty());
    }

    void failed(String error) {
        update(State.FAILED, status.framesRead(), status.positionSeconds(), Optional.of(error));
    }

    /** How the session ended in an earlier run. */
    void endedBefore(Heartbeat end) {
        if (end.state() == Heartbeat.State.FAILED) {
            failed(end.detail());
        } else {
            done();
        }
    }

    /** How another input with the same session ended in this run. */
    void endedAs(FileSource copy) {
        SourceStatus end = copy.status;
        update(end.state(), status.framesRead(), status.positionSeconds(), end.error());
    }

    private void update(State state, long framesRead, double positionSeconds, Optional<String> error) {
        SourceStatus now = status;
        status = new SourceStatus(
                now.camera(),
                now.epoch(),
                now.name(),
                state,
                framesRead,
                0,
                now.framesExpected(),
                positionSeconds,
                now.durationSeconds(),
                error);
    }
}
