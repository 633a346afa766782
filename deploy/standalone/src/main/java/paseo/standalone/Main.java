package paseo.standalone;

import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import paseo.inference.ModelPackException;
import paseo.matching.UnusableDatabaseException;
import paseo.operations.KafkaOptions;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/** The command {@code paseo}. */
@Command(
        name = "paseo",
        version = "paseo 0.1.0",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "",
            "Recognises that a person in a video has been seen before, under a pseudonymous number that stays the same"
                    + " from video to video. Everything runs on this machine; nothing leaves it.",
            ""
        },
        subcommands = {
            RunCommand.class,
            WatchCommand.class,
            OpenCommand.class,
            CamerasCommand.class,
            DemoCommand.class,
            PeopleCommand.class,
            ExportCommand.class,
            GalleryCommand.class,
            AuditCommand.class,
            TailCommand.class,
            ModelsCommand.class,
            ResetCommand.class
        },
        commandListHeading = "Commands:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  paseo demo                      six small clips in which people come back",
            "  paseo run entrance.mp4          who was there?",
            "  paseo run tomorrow.mp4          and who of them was there again?",
            "  paseo open                      look at everybody in a page",
            "  paseo people show 7             everywhere person 7 was seen",
            "  paseo watch rtsp://10.0.0.5/1   people as lines while they pass a camera",
            "",
            "'paseo COMMAND --help' says more. 'paseo evaluate' and 'paseo bench' measure",
            "accuracy and speed. The four services also start one by one: frame-producer,",
            "inference-worker, tracker-streams, matcher.",
            "",
            "Exit codes: 0 done, 1 an input or the system failed, 2 usage, 78 refused at",
            "start, 130 stopped by Ctrl-C."
        })
public final class Main implements Callable<Integer> {
    private Main() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(KafkaOptions.expand(arguments)));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setExecutionStrategy(Main::runLast)
                .setParameterExceptionHandler(Main::explainUsage)
                .setExecutionExceptionHandler((fault, command, parsed) -> explain(fault, command));
    }

    @Override
    public Integer call() {
        CommandLine.usage(this, System.err);
        return ExitCodes.USAGE;
    }

    /** Only the last command runs: an option of one before would be read, and not heeded. */
    private static int runLast(ParseResult parsed) {
        boolean help = parsed.asCommandLineList().stream()
                .anyMatch(command -> command.isUsageHelpRequested() || command.isVersionHelpRequested());
        for (ParseResult before = parsed; !help && before.hasSubcommand(); before = before.subcommand()) {
            if (!before.matchedOptions().isEmpty()) {
                throw misplaced(before.matchedOptions().get(0), before.subcommand());
            }
        }
        if (!help) {
            requireKafka(parsed);
        }
        return new RunLast().execute(parsed);
    }

    private static ParameterException misplaced(OptionSpec option, ParseResult next) {
        CommandLine command = next.commandSpec().commandLine();
        return new ParameterException(
                command,
                option.longestName() + " is not heeded before '" + command.getCommandName()
                        + "': give the options behind '"
                        + command.getCommandSpec().qualifiedName() + "'");
    }

    /** Settings of a Kafka that is not named would be dropped. Those of the environment are there for every command. */
    private static void requireKafka(ParseResult parsed) {
        ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        for (OptionSpec option : last.matchedOptions()) {
            if (option.longestName().startsWith("--kafka") && !last.hasMatchedOption("--kafka")) {
                throw new ParameterException(
                        last.commandSpec().commandLine(),
                        option.longestName() + " needs --kafka: the embedded one has its own settings");
            }
        }
    }

    private static int explainUsage(ParameterException fault, String[] arguments) {
        CommandLine command = fault.getCommandLine();
        command.getErr()
                .println("paseo: " + fault.getMessage() + "; see '"
                        + command.getCommandSpec().qualifiedName() + " --help'");
        return ExitCodes.USAGE;
    }

    /** One line for what a user can do something about; the whole trace for what should not have happened. */
    private static int explain(Exception fault, CommandLine command) {
        PrintWriter err = command.getErr();
        String message = "paseo: " + Objects.requireNonNullElse(fault.getMessage(), fault.toString());
        if (fault instanceof Refusal refusal) {
            err.println(message);
            return refusal.exitCode();
        }
        if (fault instanceof ModelPackException || fault instanceof UnusableDatabaseException) {
            err.println(message);
            return ExitCodes.REFUSED;
        }
        err.println("paseo: this should not have happened; please report it with these lines");
        err.println(command.getColorScheme().richStackTraceString(fault));
        return ExitCodes.FAILED;
    }
}
