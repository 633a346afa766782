package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SealTest {
    private static final byte[] PLAIN = "what somebody looks like".getBytes(StandardCharsets.UTF_8);
    private static final byte[] OF = SealedRows.of(SealedRows.Kind.VECTORS, new UUID(1, 2), (short) 1);

    private final Seal seal = Seal.random();

    @Test
    void whatIsSealedIsOpenedByItsKeyAndSaysNothingWithout() throws Exception {
        byte[] sealed = seal.close(PLAIN, OF);
        assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("somebody");
        assertThat(sealed).as("nonce and tag").hasSize(PLAIN.length + 12 + 16);
        assertThat(seal.close(PLAIN, OF)).as("no two are alike").isNotEqualTo(sealed);
        assertThat(new Seal(seal.key()).open(sealed, OF)).isEqualTo(PLAIN);
        assertThat(seal.open(seal.close(new byte[0], OF), OF)).isEmpty();
    }

    @Test
    void nothingElseOpensIt() {
        byte[] sealed = seal.close(PLAIN, OF);
        refused(Seal.random(), sealed, OF);
        refused(seal, sealed, SealedRows.of(SealedRows.Kind.PICTURES, new UUID(1, 2), (short) 1));
        refused(seal, sealed, SealedRows.of(SealedRows.Kind.VECTORS, new UUID(1, 3), (short) 1));
        refused(seal, sealed, SealedRows.of(SealedRows.Kind.VECTORS, new UUID(1, 2), (short) 2));
        for (int at = 0; at < sealed.length; at++) {
            byte[] changed = sealed.clone();
            changed[at] ^= 1;
            refused(seal, changed, OF);
        }
        refused(seal, Arrays.copyOf(sealed, 11), OF);
        refused(seal, Arrays.copyOf(sealed, sealed.length - 1), OF);
    }

    private static void refused(Seal seal, byte[] sealed, byte[] of) {
        assertThatThrownBy(() -> seal.open(sealed, of)).isInstanceOf(Seal.BrokenException.class);
    }

    @Test
    void aKeyHasItsLength() {
        assertThatThrownBy(() -> new Seal(new byte[16])).hasMessage("a key has 32 bytes, not 16");
    }
}
