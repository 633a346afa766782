package paseo.matching;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import paseo.events.Embedding;
import paseo.events.Sequence;

/** One sequence as the tracker tells of it while it grows; what it says goes to the end of a {@link Recording}. */
final class View {
    final UUID id;
    private final Recording file;
    private final int first;
    private final int place;
    private int frames;
    private int revision;
    private List<UUID> others = List.of();

    /** @param place which face of each frame is this one */
    View(Recording file, int first, int place) {
        this.file = file;
        this.first = first;
        this.place = place;
        this.id = Sequence.idOf(file.camera, 1, first, place);
    }

    /** From now on the tracker knows that these are other people. */
    View apartFrom(View... views) {
        others = List.of(views).stream().map(view -> view.id).toList();
        return this;
    }

    /** There are this many faces now, and this is what they look like. */
    View grows(int faces, Embedding centre) {
        return say(faces, centre, null);
    }

    /** It is over, with this many faces. */
    View closes(int faces, Embedding centre) {
        return say(faces, centre, Sequence.CloseReason.LEFT_VIEW);
    }

    private View say(int faces, Embedding centre, Sequence.@Nullable CloseReason reason) {
        List<Sequence.Member> members = new ArrayList<>(IntStream.range(frames, faces)
                .mapToObj(i -> new Sequence.Member(first + i, place))
                .toList());
        frames = faces;
        file.sequences.add(file.sequence(
                id,
                first,
                faces,
                members,
                Recording.template(centre, first, place, faces),
                others,
                reason,
                revision++));
        return this;
    }

    /** What is this much like somebody, always in the same way. */
    static Embedding like(int person, double cosine) {
        return like(person, cosine, 1_000 + person);
    }

    /** What is this much like somebody, and otherwise like somebody else. */
    static Embedding like(int person, double cosine, int another) {
        float[] towards = Recording.person(person).toArray();
        float[] away = Recording.person(another).toArray();
        double overlap = 0;
        for (int i = 0; i < towards.length; i++) {
            overlap += (double) towards[i] * away[i];
        }
        float[] rest = new float[towards.length];
        for (int i = 0; i < rest.length; i++) {
            rest[i] = (float) (away[i] - overlap * towards[i]);
        }
        Embedding orthogonal = Embedding.normalised(rest);
        float[] mixed = new float[towards.length];
        for (int i = 0; i < mixed.length; i++) {
            mixed[i] = (float) (cosine * towards[i] + Math.sqrt(1 - cosine * cosine) * orthogonal.get(i));
        }
        return Embedding.normalised(mixed);
    }
}
