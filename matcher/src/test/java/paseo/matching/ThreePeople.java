package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.UUID;

/**
 * What a matcher stores of three people in two files: 2 and 3 are seen side by side, and 3 comes back in the second.
 */
final class ThreePeople {
    private ThreePeople() {}

    /** Renews the servers and has them stored; gives the sequence in which person 3 comes back. */
    static UUID storedBy(Servers servers) throws Exception {
        servers.renew();
        try (Matcher matcher = servers.startMatcher(new SimpleMeterRegistry())) {
            Recording first = new Recording("a");
            first.walk(1, 5);
            first.together(5, 2, 3);
            servers.send(first.end(), 0);
            servers.awaitIdle();
            Recording second = new Recording("b");
            UUID comesBack = second.walk(3, 6);
            servers.send(second.end(), 1);
            servers.awaitIdle();
            assertThat(matcher.running()).isTrue();
            return comesBack;
        }
    }
}
