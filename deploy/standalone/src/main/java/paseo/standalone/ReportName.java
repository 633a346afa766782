package paseo.standalone;

import java.nio.charset.StandardCharsets;
import java.util.List;
import paseo.standalone.Findings.SourceFound;

/** The name of a run's report: the same for the same sources under the same settings. */
final class ReportName {
    private static final int DIGITS = 8;
    private static final int LONGEST_STEM = 60;

    private ReportName() {}

    /** For example {@code entrance-and-2-more-1f0c22ab.html}. */
    static String of(Findings findings) {
        List<SourceFound> sources = findings.sources();
        String stem = sources.isEmpty() ? "nothing" : slug(sources.get(0).name());
        String more = sources.size() > 1 ? "-and-" + (sources.size() - 1) + "-more" : "";
        return stem + more + "-" + digest(sources) + ".html";
    }

    private static String slug(String name) {
        String stem = name.replaceFirst("\\.[A-Za-z0-9]{1,4}$", "").replaceAll("[^A-Za-z0-9_-]+", "-");
        return stem.length() > LONGEST_STEM ? stem.substring(0, LONGEST_STEM) : stem;
    }

    private static String digest(List<SourceFound> sources) {
        StringBuilder sessions = new StringBuilder();
        for (SourceFound source : sources) {
            sessions.append(source.name()).append('/').append(source.camera()).append('/');
            sessions.append(source.epoch()).append('\n');
        }
        return Checksum.sha256(sessions.toString().getBytes(StandardCharsets.UTF_8))
                .substring(0, DIGITS);
    }
}
