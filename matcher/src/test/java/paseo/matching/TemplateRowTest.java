package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import paseo.events.Pose;
import paseo.events.Template;

class TemplateRowTest {
    private static final Template TEMPLATE = new Template(
            Recording.person(1),
            3.5,
            0.9,
            7,
            List.of(
                    prototype(12, 1, new Pose(1, 2, 3), 1, new byte[] {1, 2, 3}),
                    prototype(40, 0, new Pose(-1, 0, 9), 2, new byte[] {4})));

    private static Template.Prototype prototype(long frame, int index, Pose pose, long seed, byte[] crop) {
        return new Template.Prototype(
                frame, index, 100_000 * frame, 0.75f, pose, Recording.pictureOf(1, seed), ByteBuffer.wrap(crop));
    }

    @Test
    void rowsAreAsTheyWere() {
        List<TemplateRow> rows = TemplateRow.of(TEMPLATE);
        assertThat(rows).extracting(TemplateRow::ordinal).containsExactly(0, 1, 2);
        assertThat(rows.get(2).frame()).isEqualTo(40);
        assertThat(rows.get(0).frame()).isEqualTo(TemplateRow.UNKNOWN);
        assertThat(TemplateRow.decode(TemplateRow.encode(rows))).isEqualTo(rows);
        assertThat(TemplateRow.decode(TemplateRow.encode(List.of()))).isEmpty();
    }

    @Test
    void picturesAreAsTheyWere() {
        SortedMap<Integer, ByteBuffer> pictures = TemplateRow.pictures(TEMPLATE);
        assertThat(pictures.keySet()).containsExactly(1, 2);
        assertThat(TemplateRow.decodePictures(TemplateRow.encode(pictures))).isEqualTo(pictures);
        assertThat(TemplateRow.decodePictures(TemplateRow.encode(new TreeMap<>())))
                .isEmpty();
    }

    @Test
    void anotherLayoutIsRefused() {
        byte[] later = TemplateRow.encode(TemplateRow.of(TEMPLATE));
        later[0]++;
        assertThatThrownBy(() -> TemplateRow.decode(later)).hasMessage("sealed by a later program");
    }
}
