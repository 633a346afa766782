package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import paseo.events.Embedding;
import paseo.events.Pose;
import paseo.events.Template;

class RemadeTemplateTest {
    private static final Embedding CENTRE = Embedding.normalised(new float[] {1, 1});
    private static final Embedding ONE = Embedding.normalised(new float[] {1, 0});
    private static final Embedding OTHER = Embedding.normalised(new float[] {0, 1});

    @Test
    void everyPictureKeepsItsOrdinalAndOnlyThoseOfTheTemplateAreSearched() {
        StoredFaces faces = new StoredFaces(9, List.of(shot(1, 30), shot(2, 10), shot(3, 20)));
        Template template = new Template(CENTRE, 1, 1, 2, List.of(prototype(shot(2, 10), ONE)));
        RemadeTemplate remade = new RemadeTemplate(faces, template, Map.of(2, ONE, 3, OTHER));
        assertThat(remade.rows())
                .as("the first cannot be embedded, the third does not agree with the others")
                .containsExactly(
                        new RemadeTemplate.Row(1, CENTRE, true),
                        new RemadeTemplate.Row(2, ONE, false),
                        new RemadeTemplate.Row(3, OTHER, true));
    }

    private static StoredFaces.Shot shot(int ordinal, long frame) {
        return new StoredFaces.Shot(
                ordinal, frame, 0, frame * 1000, 0.5f, new Pose(0, 0, 0), "retail@1", ByteBuffer.allocate(1));
    }

    private static Template.Prototype prototype(StoredFaces.Shot shot, Embedding embedding) {
        return new Template.Prototype(
                shot.frame(), shot.faceIndex(), 0, shot.quality(), shot.pose(), embedding, shot.jpeg());
    }
}
