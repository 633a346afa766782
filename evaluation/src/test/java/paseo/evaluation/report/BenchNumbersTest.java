package paseo.evaluation.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BenchNumbersTest {
    @Test
    void pathsAreObjects() {
        String json = new BenchNumbers()
                .state("machine", "two cores")
                .put("matcher.recall_100k", 0.98765)
                .put("matcher.growth_1m", List.of(1.5, 1.2, 1.9))
                .json();
        assertThat(json.replaceAll("\\s", ""))
                .isEqualTo("{\"machine\":\"twocores\",\"matcher\":{\"recall_100k\":0.9877,"
                        + "\"growth_1m\":1.5,\"growth_1m_range\":[1.2,1.9]}}");
    }
}
