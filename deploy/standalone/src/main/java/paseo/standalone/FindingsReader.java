package paseo.standalone;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import paseo.frames.SourceStatus;
import paseo.matching.Archive;
import paseo.matching.FaceRow;
import paseo.matching.PersonSummary;
import paseo.matching.SessionFilter;
import paseo.matching.SessionKey;
import paseo.matching.SessionState;
import paseo.matching.SightingRow;
import paseo.standalone.Findings.BestShot;
import paseo.standalone.Findings.FaceFound;
import paseo.standalone.Findings.PersonFound;
import paseo.standalone.Findings.SequenceFound;
import paseo.standalone.Findings.SourceFound;

/** Reads from the matcher's database what was found. */
final class FindingsReader {
    private final Archive archive;

    FindingsReader(Archive archive) {
        this.archive = archive;
    }

    /** What was found in a run's sources, in their order; a source that was given twice counts once. */
    Findings read(List<SourceStatus> statuses) {
        List<SourceFound> sources = new ArrayList<>();
        List<SequenceFound> sequences = new ArrayList<>();
        Set<SessionKey> known = new HashSet<>();
        for (SourceStatus status : statuses) {
            SessionKey session = new SessionKey(status.camera(), status.epoch());
            if (status.camera().isEmpty()) {
                sources.add(source(status, 0, 0));
            } else if (known.add(session)) {
                SessionState state = archive.session(session.camera(), session.epoch());
                sources.add(source(status, state.frames(), state.faces()));
                archive.sightings(SessionFilter.of(List.of(session))).stream()
                        .map(row -> sequence(row, bestShots(row.sequence())))
                        .forEach(sequences::add);
            }
        }
        return new Findings(sources, people(sequences), sequences);
    }

    private static SourceFound source(SourceStatus status, long frames, long faces) {
        return new SourceFound(
                status.camera(),
                status.epoch(),
                status.name(),
                status.durationSeconds(),
                frames,
                faces,
                status.state() == SourceStatus.State.FAILED ? status.error() : Optional.empty());
    }

    private List<PersonFound> people(List<SequenceFound> sequences) {
        Set<Long> seen = new HashSet<>();
        sequences.forEach(sequence -> seen.add(sequence.person()));
        return archive.people().stream()
                .filter(summary -> seen.contains(summary.person()))
                .map(FindingsReader::person)
                .toList();
    }

    /** Everybody who is stored, by number. */
    List<PersonFound> everybody() {
        return archive.people().stream().map(FindingsReader::person).toList();
    }

    /** One person with all sequences, as a summary for the terminal; empty when there is none of that number. */
    Optional<String> describe(long number) {
        return archive.person(number)
                .map(detail -> renamed(number, detail.summary().person())
                        + Summary.person(
                                person(detail.summary()),
                                detail.sightings().stream()
                                        .map(row -> sequence(row, List.of()))
                                        .toList()));
    }

    private static String renamed(long asked, long number) {
        return asked == number ? "" : "person " + asked + " turned out to be person " + number + "\n";
    }

    /** Every face of the sources, in their order, by frame. */
    void faces(Findings findings, Consumer<FaceFound> consumer) {
        for (SourceFound source : findings.sources()) {
            if (!source.camera().isEmpty()) {
                archive.faces(
                        SessionFilter.of(List.of(new SessionKey(source.camera(), source.epoch()))),
                        row -> consumer.accept(face(row)));
            }
        }
    }

    private List<BestShot> bestShots(UUID sequence) {
        return archive.prototypes(sequence).stream()
                .map(row -> new BestShot(row.frame(), row.timeSeconds(), row.quality(), row.crop()))
                .toList();
    }

    private static PersonFound person(PersonSummary summary) {
        return new PersonFound(
                summary.person(),
                summary.firstSequence(),
                new Moment(summary.firstSeen().source(), summary.firstSeen().seconds()),
                new Moment(summary.lastSeen().source(), summary.lastSeen().seconds()),
                summary.sequences(),
                summary.faces(),
                summary.cohesion().silhouette(),
                summary.cohesion().nearest(),
                summary.cohesion().similarity());
    }

    private static SequenceFound sequence(SightingRow row, List<BestShot> bestShots) {
        return new SequenceFound(
                row.sequence(),
                row.decision(),
                row.person().orElse(0),
                row.camera(),
                row.epoch(),
                row.source(),
                row.firstFrame(),
                row.lastFrame(),
                row.startSeconds(),
                row.endSeconds(),
                row.faces(),
                row.usableFaces(),
                row.similarity(),
                row.runnerUp(),
                row.threshold(),
                bestShots);
    }

    private static FaceFound face(FaceRow row) {
        return new FaceFound(
                row.source(),
                row.frame(),
                row.timeSeconds(),
                row.box().x(),
                row.box().y(),
                row.box().width(),
                row.box().height(),
                row.score(),
                row.pose().yaw(),
                row.pose().pitch(),
                row.pose().roll(),
                row.quality(),
                row.sequence(),
                row.person().orElse(0));
    }
}
