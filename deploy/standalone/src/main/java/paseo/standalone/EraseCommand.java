package paseo.standalone;

import java.nio.charset.StandardCharsets;
import java.util.Scanner;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import paseo.matching.ApiDatabase;
import paseo.matching.Erasure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code paseo people erase}. */
@Command(
        name = "erase",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Erase a person: every sequence, face, vector and picture of theirs.",
        description = {
            "",
            "Cannot be undone. The number is not given to anybody else. What is printed is the receipt; the next run"
                    + " tells the readers of the topics.",
            ""
        })
final class EraseCommand implements Callable<Integer> {
    @Parameters(paramLabel = "N", description = "The person's number.")
    private long person;

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Mixin
    private DataOption data = new DataOption();

    @Mixin
    private DatabaseOptions servers = new DatabaseOptions();

    @Override
    public Integer call() {
        if (!yes && !confirmed()) {
            System.out.println("nothing was erased");
            return ExitCodes.FAILED;
        }
        Terminal terminal = Terminal.standard(false);
        Erasure.Receipt receipt = PeopleCommand.with(data, servers, terminal, settings -> {
            try (ApiDatabase database = ApiDatabase.open(settings)) {
                return database.erasure("command line")
                        .person(person)
                        .orElseThrow(() -> Refusal.failed("there is no person " + person, null));
            }
        });
        terminal.print("erased at " + receipt.at() + ": person "
                + receipt.numbers().stream().map(String::valueOf).collect(Collectors.joining(", ")) + "\n"
                + Progress.counted(receipt.sequences(), "sequence", "sequences") + ", "
                + Progress.counted(receipt.faces(), "face", "faces") + ", "
                + Progress.counted(receipt.templates(), "vector", "vectors") + "\n"
                + "topics hold nothing of it from " + receipt.topicsClearBy() + " on\n"
                + "audit entry " + receipt.audit() + ", hash " + receipt.hash() + "\n");
        return ExitCodes.DONE;
    }

    private boolean confirmed() {
        System.out.print("Erase person " + person + " for ever? [y/N] ");
        System.out.flush();
        Scanner answers = new Scanner(System.in, StandardCharsets.UTF_8);
        if (!answers.hasNextLine()) {
            throw Refusal.usage("nobody can be asked here: give --yes to erase person " + person);
        }
        return answers.nextLine().strip().equalsIgnoreCase("y");
    }
}
