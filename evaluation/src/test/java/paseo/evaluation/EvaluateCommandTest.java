package paseo.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class EvaluateCommandTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --preset easy                                              | or a subcommand
            --faces x.tar                                              | or a subcommand
            --preset easy --faces x.tar --fail-if bcubed<.9            | did you mean 'bcubed_f'?
            --preset easy --faces x.tar --fail-if bcubed_f=.9          | cannot read 'bcubed_f=.9'
            --preset easy --faces x.tar --fail-if fnir_at_fpir_1.our>1 | did you mean 'fnir_at_fpir_1.ours'?
            """)
    void whatCannotBeMeasuredIsRefusedBeforeAnythingIs(String arguments, String message) {
        StringWriter said = new StringWriter();
        int exitCode = new CommandLine(new EvaluateCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setErr(new PrintWriter(said, true))
                .execute(arguments.strip().split("\\s+"));

        assertThat(exitCode).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(said.toString()).contains(message);
    }
}
