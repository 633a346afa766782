package paseo.standalone;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Scanner;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code paseo reset}. */
@Command(
        name = "reset",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Forget everybody: delete what is remembered in a data directory.",
        description = {
            "",
            "Reports and fetched videos go, too; models, sample videos and programs stay. Refused while another command"
                    + " uses it.",
            ""
        })
final class ResetCommand implements Callable<Integer> {
    @Mixin
    private DataOption data = new DataOption();

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Override
    public Integer call() {
        Path directory = data.directory().toAbsolutePath().normalize();
        if (!DataDirectory.holdsAnything(directory)) {
            System.out.println("nothing is remembered in " + directory);
            return ExitCodes.DONE;
        }
        try (DataDirectory opened = DataDirectory.open(directory)) {
            if (!yes && !confirmed(directory)) {
                System.out.println("nothing was deleted");
                return ExitCodes.FAILED;
            }
            opened.clear();
        }
        System.out.println("everything remembered in " + directory + " is deleted");
        return ExitCodes.DONE;
    }

    private static boolean confirmed(Path directory) {
        System.out.print("Forget everybody in " + directory + "? [y/N] ");
        System.out.flush();
        Scanner answers = new Scanner(System.in, StandardCharsets.UTF_8);
        if (!answers.hasNextLine()) {
            throw Refusal.usage("nobody can be asked here: give --yes to delete what is remembered in " + directory);
        }
        return answers.nextLine().strip().equalsIgnoreCase("y");
    }
}
