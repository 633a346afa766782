package paseo.standalone;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import paseo.inference.ModelPack;
import paseo.inference.ModelStore;
import paseo.inference.ModelStore.PackStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code paseo models}. */
@Command(
        name = "models",
        mixinStandardHelpOptions = true,
        header = "List the model packs and what of them is on this machine, or fetch one.",
        description = {
            "",
            "Models are looked for in $PASEO_MODELS, models/, ../shared/models and $PASEO_HOME/models.",
            ""
        },
        subcommands = {ModelsCommand.ListPacks.class, ModelsCommand.Pull.class})
final class ModelsCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        return new ListPacks().call();
    }

    /** {@code paseo models list}. */
    @Command(name = "list", mixinStandardHelpOptions = true, header = "List the model packs.")
    static final class ListPacks implements Callable<Integer> {
        @Override
        public Integer call() {
            TextTable table = new TextTable("PACK", "ON THIS MACHINE", "LICENCE", "ACCEPT IT WITH", "WHAT IT IS");
            List<PackStatus> packs = ModelStore.standard().describe();
            for (PackStatus status : packs) {
                ModelPack pack = status.pack();
                table.row(
                        pack.name(),
                        state(status),
                        pack.nonCommercial()
                                ? "non-commercial research"
                                : pack.licence().name(),
                        pack.nonCommercial()
                                ? "--accept-licence " + pack.licence().id()
                                : "-",
                        pack.description());
            }
            System.out.print(table);
            for (PackStatus status : packs) {
                status.problem()
                        .ifPresent(problem ->
                                System.out.println("\n" + status.pack().name() + ": " + problem));
            }
            return ExitCodes.DONE;
        }

        private static String state(PackStatus status) {
            if (status.ready()) {
                return "ready";
            }
            return status.problem().isPresent()
                    ? "cannot be used, see below"
                    : "paseo models pull " + status.pack().name();
        }
    }

    /** {@code paseo models pull}. */
    @Command(
            name = "pull",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            header = "Fetch a model pack from where it is published, and check it.",
            description = {
                "",
                "What is published in another format is converted on this machine. Every file is checked against its"
                        + " SHA-256; what is there already is kept.",
                ""
            })
    static final class Pull implements Callable<Integer> {
        @Parameters(paramLabel = "NAME", description = "A pack of 'paseo models'.")
        private String name = "";

        @Option(
                names = "--accept-licence",
                paramLabel = "ID",
                split = ",",
                description = "Accepts the restricted licence of the pack.")
        private Set<String> acceptedLicences = new LinkedHashSet<>();

        @Override
        public Integer call() {
            ModelStore.standard().pull(ModelPack.load(name), acceptedLicences, System.err::println);
            System.out.println(name + " is ready");
            return ExitCodes.DONE;
        }
    }
}
