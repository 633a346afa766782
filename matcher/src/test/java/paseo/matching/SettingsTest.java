package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import paseo.events.Embedding;

class SettingsTest {
    @Test
    void aPasswordIsNeverPrinted() {
        DatabaseSettings settings =
                new DatabaseSettings("jdbc:postgresql://db:5432/paseo?password=secret1", "paseo", "secret2");

        assertThat(settings.toString() + settings.address()).doesNotContain("secret");
        assertThatThrownBy(() -> new DatabaseSettings("postgres://paseo:secret3@db/paseo", "", ""))
                .hasMessageContaining("jdbc:postgresql://HOST")
                .hasMessageNotContaining("secret3");
    }

    @Test
    void keysAreBesideTheGalleryUnlessTheyAreElsewhere() {
        DatabaseSettings settings = new DatabaseSettings("jdbc:postgresql://db/paseo?sslmode=require", "me", "secret");
        DatabaseSettings elsewhere = new DatabaseSettings("jdbc:postgresql://vault/keys", "other", "more");

        assertThat(settings.keysOrNeighbour())
                .isEqualTo(new DatabaseSettings("jdbc:postgresql://db/paseo_keys?sslmode=require", "me", "secret"));
        assertThat(settings.keysOrNeighbour().database()).isEqualTo("paseo_keys");
        assertThat(settings.withKeys(elsewhere).keysOrNeighbour()).isEqualTo(elsewhere);
        assertThat(new DatabaseSettings("jdbc:postgresql:paseo", "", "")
                        .keysOrNeighbour()
                        .jdbcUrl())
                .isEqualTo("jdbc:postgresql:paseo_keys");
    }

    @Test
    void pgvectorBeforeItsEighthIsOld() {
        assertThat(Schema.older("0.7.4")).isTrue();
        assertThat(Schema.older("0.8")).isFalse();
        assertThat(Schema.older("0.8.0")).isFalse();
        assertThat(Schema.older("0.10.1")).isFalse();
        assertThat(Schema.older("1.0")).isFalse();
    }

    @Test
    void vectorsSurviveTheirText() {
        Random random = new Random(1);
        float[] vector = new float[512];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        Embedding embedding = Embedding.normalised(vector);

        float[] read = Vectors.parse(Vectors.text(embedding));

        for (int i = 0; i < read.length; i++) {
            assertThat(Math.abs(read[i] - embedding.get(i))).isLessThan(1e-7f);
        }
    }
}
