package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import paseo.matching.PackAgreement;
import paseo.matching.Reembedding;

class ReembedTest {
    @Test
    void saysHowFarThePacksAgree() {
        assertThat(Reembed.describe(
                        "retail@1",
                        "sface@1",
                        new Reembedding.State(1_204, 3),
                        new PackAgreement(1_000, 981, 996, 40, 39, 0.4531)))
                .isEqualTo("""
                        retail@1 to sface@1: 1,204 templates from their pictures, 3 without one that can be embedded
                        agreement 0.981: of 1,000 sequences 981 find their own person first (996 by the templates in use)
                        apart 0.975: of 40 pairs seen in one frame 39 stay below 0.453
                        """);
    }

    @Test
    void saysWhatCouldNotBeMeasured() {
        assertThat(Reembed.describe(
                        "retail@1", "sface@1", new Reembedding.State(1, 0), new PackAgreement(0, 0, 0, 0, 0, 0.45)))
                .isEqualTo("""
                        retail@1 to sface@1: 1 template from their pictures, 0 without one that can be embedded
                        agreement unknown: nobody has two sequences
                        apart unknown: no two were seen in one frame
                        """);
    }
}
