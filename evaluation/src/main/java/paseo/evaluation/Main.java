package paseo.evaluation;

import paseo.evaluation.chaos.ChaosCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The measuring half of the {@code paseo} command. */
@Command(
        name = "paseo",
        mixinStandardHelpOptions = true,
        subcommands = {EvaluateCommand.class, Main.Bench.class, ChaosCommand.class},
        description = "Measures accuracy and cost.")
public final class Main {
    private Main() {}

    /** Cost. */
    @Command(
            name = "bench",
            mixinStandardHelpOptions = true,
            subcommands = {
                PipelineCommand.class,
                MatcherCommand.class,
                LatencyCommand.class,
                WorkersCommand.class,
                StreamsCommand.class,
                GpuCommand.class,
                BareLoop.class
            },
            description = "Measures cost, as ratios side by side in one run.")
    static final class Bench {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, commandLine, parsed) -> {
                    commandLine.getErr().println("paseo: " + e.getMessage());
                    return CommandLine.ExitCode.SOFTWARE;
                })
                .execute(args));
    }
}
