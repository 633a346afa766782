package paseo.evaluation;

import paseo.evaluation.chaos.ChaosCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The measuring half of the {@code paseo} command. */
@Command(
        name = "paseo",
        mixinStandardHelpOptions = true,
        subcommands = {EvaluateCommand.class, BenchCommand.class, ChaosCommand.class},
        description = "Measures accuracy and cost.")
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The command line, where the parts of {@code bench --only} may be named like its subcommands. */
    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setAllowSubcommandsAsOptionParameters(true)
                .setExecutionExceptionHandler((e, commandLine, parsed) -> {
                    commandLine.getErr().println("paseo: " + e.getMessage());
                    return CommandLine.ExitCode.SOFTWARE;
                });
    }
}
