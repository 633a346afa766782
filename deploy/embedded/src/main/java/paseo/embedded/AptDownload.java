package paseo.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Fetches packages with the machine's own apt, from the archive it is set up with, without root and without touching
 * its state: every directory apt writes to is below ours. apt checks the archive's signature as always.
 */
final class AptDownload {
    private static final Path APT = Path.of("/etc/apt");
    private static final Path DEBIAN_KEYS = Path.of("/usr/share/keyrings/debian-archive-keyring.gpg");

    private static final Duration LIST_LIMIT = Duration.ofMinutes(3);
    private static final Duration PACKAGE_LIMIT = Duration.ofMinutes(2);
    private static final Duration QUESTION_LIMIT = Duration.ofSeconds(20);

    /** The machine's way to the network (proxy, time checks); not its hooks, which would touch its own directories. */
    private static final Pattern TRANSPORT =
            Pattern.compile("Acquire::(?!IndexTargets|Changelogs|CompressionTypes|Languages|cdrom)\\S+ .*");

    private final Path directory;
    private final Map<String, String> environment;

    private AptDownload(Path directory) {
        this.directory = directory;
        this.environment = Map.of("APT_CONFIG", directory.resolve("apt.conf").toString());
    }

    /**
     * Reads the archive's lists.
     *
     * @param directory where apt may write and the packages arrive
     * @param suite the Debian release to read, whatever the machine itself runs
     * @throws EmbeddedFailure when there is no apt, no Debian archive in its settings, or the archive does not answer
     */
    static AptDownload open(Path directory, String suite) throws IOException {
        if (!Command.exists("apt-get") || !Command.exists("dpkg")) {
            throw new EmbeddedFailure("this machine has no apt-get to fetch its source with");
        }
        Optional<AptSource> source = AptSource.debian(APT);
        if (source.isEmpty()) {
            throw new EmbeddedFailure(
                    "no Debian archive in " + APT + "/sources.list and sources.list.d to fetch its" + " source from");
        }
        AptDownload apt = new AptDownload(directory);
        apt.configure(source.get(), suite);
        apt.get(LIST_LIMIT, "update");
        return apt;
    }

    private void configure(AptSource source, String suite) throws IOException {
        for (String needed : List.of("etc", "state/lists/partial", "cache/archives/partial")) {
            Files.createDirectories(directory.resolve(needed));
        }
        Files.writeString(directory.resolve("status"), "");
        Files.writeString(directory.resolve("etc/archive.sources"), archive(source, suite));
        List<String> settings = new ArrayList<>();
        Command.of(directory, QUESTION_LIMIT, List.of("apt-config", "dump"))
                .run()
                .output()
                .lines()
                .filter(line -> TRANSPORT.matcher(line).matches())
                .forEach(settings::add);
        settings.addAll(List.of(
                "Dir::Etc \"" + directory.resolve("etc") + "\";",
                "Dir::Etc::sourcelist \"/dev/null\";",
                "Dir::Etc::sourceparts \"" + directory.resolve("etc") + "\";",
                "Dir::Etc::netrc \"" + APT.resolve("auth.conf") + "\";",
                "Dir::Etc::netrcparts \"" + APT.resolve("auth.conf.d") + "\";",
                "Dir::Etc::trusted \"" + APT.resolve("trusted.gpg") + "\";",
                "Dir::Etc::trustedparts \"" + APT.resolve("trusted.gpg.d") + "\";",
                "Dir::State \"" + directory.resolve("state") + "\";",
                "Dir::State::status \"" + directory.resolve("status") + "\";",
                "Dir::Cache \"" + directory.resolve("cache") + "\";",
                "Acquire::Languages \"none\";",
                "Acquire::Retries \"1\";",
                "Acquire::http::Timeout \"20\";",
                "Acquire::https::Timeout \"20\";",
                "APT::Update::Error-Mode \"any\";",
                // Root's apt would hand the work to user _apt, who cannot write here.
                "APT::Sandbox::User \"\";"));
        Files.write(directory.resolve("apt.conf"), settings);
    }

    private String archive(AptSource source, String suite) throws IOException {
        String architecture = Command.of(directory, QUESTION_LIMIT, List.of("dpkg", "--print-architecture"))
                .run()
                .output()
                .strip();
        String keys = source.signedBy().isEmpty() && Files.isReadable(DEBIAN_KEYS)
                ? DEBIAN_KEYS.toString()
                : source.signedBy();
        return "Types: deb deb-src\nURIs: " + source.uri() + "\nSuites: " + suite
                + "\nComponents: main\nArchitectures: " + architecture + "\n"
                + (keys.isEmpty() ? "" : "Signed-By: " + keys + "\n");
    }

    /** Downloads a binary package and unpacks its files into {@code target}; nothing of it is run. */
    void unpack(String binaryPackage, Path target) throws IOException {
        get(PACKAGE_LIMIT, "download", binaryPackage);
        Path archive = PgvectorBuild.only(directory, binaryPackage + "_*.deb");
        Files.createDirectories(target);
        run(PACKAGE_LIMIT, List.of("dpkg", "-x", archive.toString(), target.toString()));
    }

    /** Downloads the files of a source package into the directory. */
    void source(String sourcePackage) throws IOException {
        get(PACKAGE_LIMIT, "source", "--download-only", sourcePackage);
    }

    private void get(Duration limit, String... arguments) throws IOException {
        List<String> line = new ArrayList<>(List.of("apt-get", "-q", "-o", "Dpkg::Use-Pty=0"));
        line.addAll(List.of(arguments));
        run(limit, line);
    }

    private void run(Duration limit, List<String> line) throws IOException {
        Command.Ended ended =
                Command.of(directory, limit, line).with(environment).run();
        if (!ended.succeeded()) {
            throw new EmbeddedFailure(
                    line.get(0) + " could not fetch it (" + ended.complaint().replaceFirst("^E: ", "") + ")");
        }
    }
}
