package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReportTest {
    private final String page = Report.of(Rows.findings());

    @Test
    void namesOfFilesAreText() {
        assertThat(page).contains("a &quot;b&quot;, &lt;c&gt;.mp4").doesNotContain("<c>");
    }

    @Test
    void nothingIsLoadedFromElsewhere() {
        assertThat(page)
                .doesNotContain("http://", "https://", "<script", "<link", "url(")
                .contains("default-src 'none'");
    }

    @Test
    void everySequenceOfAPersonHasAStripWithItsPictures() {
        assertThat(page)
                .contains("id=\"s-" + Rows.FIRST + "\"", "id=\"s-" + Rows.SECOND + "\"")
                .contains("data:image/jpeg;base64,AQID");
    }

    @Test
    void everyLinkHasATarget() {
        assertThat(Stream.of(page.split("href=\"#")).skip(1))
                .map(rest -> rest.substring(0, rest.indexOf('"')))
                .isNotEmpty()
                .allSatisfy(target -> assertThat(page).contains("id=\"" + target + "\""));
    }

    @Test
    void aPersonHasTheColourOfTheVideo() {
        assertThat(page)
                .contains(
                        "--c:" + PersonColour.of(1).css(),
                        "--c:" + PersonColour.of(2).css());
    }

    @Test
    void whatFailedAndWhatIsUnusableIsSaid() {
        assertThat(page).contains("Failed: none.mp4 does not exist", "1 sequence has no face");
    }

    @Test
    void nobodyAtAllIsAPageToo() {
        assertThat(Report.of(new Findings(List.of(), List.of(), List.of())))
                .contains("nobody recognisable in 0 videos");
    }
}
