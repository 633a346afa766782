package paseo.evaluation.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
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

    @Test
    void whatWasPutIsFound() {
        BenchNumbers numbers = new BenchNumbers()
                .state("versions.java", "17")
                .put("pipeline.cpu_ratio.decoded", List.of(1.3, 1.2, 1.4))
                .put("pipeline.latency_p95_ms", 55)
                .put("matcher.growth_1m", 1.5, 1.25, 2);

        assertThat(numbers.entries())
                .extracting(BenchNumbers.Entry::path)
                .containsExactly("pipeline.cpu_ratio.decoded", "pipeline.latency_p95_ms", "matcher.growth_1m");
        assertThat(numbers.find("pipeline.cpu_ratio.decoded"))
                .contains(new BenchNumbers.Entry("pipeline.cpu_ratio.decoded", 1.3, 1.2, 1.4));
        assertThat(numbers.find("matcher.growth_1m"))
                .contains(new BenchNumbers.Entry("matcher.growth_1m", 1.5, 1.25, 2));
        assertThat(numbers.find("pipeline.latency_p95_ms")).get().matches(entry -> Double.isNaN(entry.low()));
        assertThat(numbers.find("matcher.recall_1m")).isEmpty();
        assertThat(numbers.facts()).containsExactly(Map.entry("versions.java", "17"));
    }

    @Test
    void whatIsNoNumberIsRefused() {
        BenchNumbers numbers = new BenchNumbers();
        assertThatThrownBy(() -> numbers.put("matcher.growth_1m", Double.NaN))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
