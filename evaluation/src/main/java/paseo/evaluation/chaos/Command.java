package paseo.evaluation.chaos;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How a process of a service is started.
 *
 * @param service whose
 * @param classPath of the program
 * @param arguments of its command line
 * @param environment besides this process's own
 * @param log where it writes; what is there is kept
 */
record Command(Service service, String classPath, List<String> arguments, Map<String, String> environment, Path log) {
    /** Of this process: where native libraries are unpacked, and classes that are ready to be mapped. */
    private static final List<String> INHERITED =
            List.of("-Dorg.bytedeco", "-Djava.io.tmpdir", "-XX:SharedArchiveFile", "-Xlog:cds");

    /** Java as all processes of a trial are run, up to the class path. */
    static List<String> java() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // They live for seconds: what the optimising compiler would do for them costs more than it saves.
        command.addAll(
                List.of("-Xmx300m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError"));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> INHERITED.stream().anyMatch(argument::startsWith))
                .forEach(command::add);
        return command;
    }

    /** @param options of Java, besides the usual ones */
    Process start(List<String> options) throws IOException {
        List<String> command = java();
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, service.main().getName()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(new File(log.toString())));
        builder.environment().putAll(environment);
        return builder.start();
    }
}
