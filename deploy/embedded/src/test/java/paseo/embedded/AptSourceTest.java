package paseo.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AptSourceTest {
    @TempDir
    Path apt;

    @Test
    void readsOneLineSources() {
        assertThat(AptSource.oneLine(List.of(
                        "# deb http://old.example/debian bookworm main",
                        "deb http://mirror.example/debian bookworm main contrib # ours",
                        "deb-src http://mirror.example/debian bookworm main",
                        "deb [arch=amd64 signed-by=/keys/a.gpg] http://tools.example/apt stable main",
                        "deb [ signed-by=/keys/b.gpg ] http://flat.example/ ./")))
                .containsExactly(
                        new AptSource(
                                "http://mirror.example/debian", List.of("bookworm"), List.of("main", "contrib"), ""),
                        new AptSource("http://tools.example/apt", List.of("stable"), List.of("main"), "/keys/a.gpg"));
    }

    @Test
    void readsParagraphSources() {
        assertThat(AptSource.deb822(List.of(
                        "Types: deb",
                        "# a comment between fields",
                        "URIs: http://mirror.example/debian http://second.example/debian",
                        "Suites: bookworm bookworm-updates",
                        "Components: main",
                        "Signed-By:",
                        " -----BEGIN PGP PUBLIC KEY BLOCK-----",
                        " .",
                        " abc",
                        "",
                        "Enabled: no",
                        "Types: deb",
                        "URIs: http://off.example/debian",
                        "Suites: bookworm",
                        "Components: main",
                        "",
                        "Types: deb-src",
                        "URIs: http://source.example/debian",
                        "Suites: bookworm",
                        "Components: main")))
                .containsExactly(new AptSource(
                        "http://mirror.example/debian",
                        List.of("bookworm", "bookworm-updates"),
                        List.of("main"),
                        "\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abc"));
    }

    @Test
    void findsTheReleasesNotTheSecurityUpdatesNorOtherVendors() throws Exception {
        Path parts = Files.createDirectory(apt.resolve("sources.list.d"));
        Files.writeString(parts.resolve("a.list"), "deb http://vendor.example/apt nodistro main\n");
        Files.writeString(parts.resolve("b.sources.disabled"), "Types: deb\nURIs: http://off.example/debian\n");
        Files.write(
                parts.resolve("debian.sources"),
                List.of(
                        "Types: deb",
                        "URIs: http://s.example/debian-security",
                        "Suites: bookworm-security",
                        "Components: main",
                        "",
                        "Types: deb",
                        "URIs: http://m.example/debian",
                        "Suites: bookworm-updates bookworm",
                        "Components: main",
                        "Signed-By: /keys/debian.gpg"));
        assertThat(AptSource.debian(apt))
                .hasValueSatisfying(source -> assertThat(source.uri()).isEqualTo("http://m.example/debian"))
                .hasValueSatisfying(source -> assertThat(source.signedBy()).isEqualTo("/keys/debian.gpg"));
    }

    @Test
    void takesDebiansOwnBeforeVendorsOfTheSameReleases() throws Exception {
        Path parts = Files.createDirectory(apt.resolve("sources.list.d"));
        Files.writeString(parts.resolve("a.list"), "deb https://vendor.example/artifactory/deb bookworm main\n");
        assertThat(AptSource.debian(apt))
                .hasValueSatisfying(
                        source -> assertThat(source.uri()).isEqualTo("https://vendor.example/artifactory/deb"));

        Files.writeString(
                parts.resolve("b.list"),
                "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://copy.example/os bookworm main\n");
        assertThat(AptSource.debian(apt))
                .hasValueSatisfying(source -> assertThat(source.uri()).isEqualTo("http://copy.example/os"));

        Files.writeString(apt.resolve("sources.list"), "deb http://mirror.example/debian/ bookworm main\n");
        assertThat(AptSource.debian(apt))
                .hasValueSatisfying(source -> assertThat(source.uri()).isEqualTo("http://mirror.example/debian/"));
    }

    @Test
    void saysWhenThereIsNone() throws Exception {
        assertThat(AptSource.debian(apt)).isEmpty();
        Files.writeString(apt.resolve("sources.list"), "deb http://archive.example/ubuntu noble main\n");
        assertThat(AptSource.debian(apt)).isEmpty();
    }
}
