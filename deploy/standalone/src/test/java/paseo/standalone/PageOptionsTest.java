package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class PageOptionsTest {
    @Test
    void aPageWithACertificateIsNotServedWithoutItSomewhereElse() {
        assertThat(settings().elsewhere()).isTrue();
        assertThat(settings("--tls", "none.p12").elsewhere()).isFalse();
        assertThat(settings("--listen", "127.0.0.1:0").elsewhere()).isFalse();
    }

    private static PageSettings settings(String... arguments) {
        return CommandLine.populateCommand(new PageOptions(), arguments).settings();
    }
}
