package paseo.matching.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;

/** The files of the page, from the class path: a fixed list, so that a name can lead nowhere else. */
final class PageFiles {
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("index.html", "text/html; charset=utf-8"),
            Map.entry("style.css", "text/css; charset=utf-8"),
            Map.entry("icon.svg", "image/svg+xml"),
            Map.entry("app.js", "text/javascript; charset=utf-8"),
            Map.entry("api.js", "text/javascript; charset=utf-8"),
            Map.entry("cameras.js", "text/javascript; charset=utf-8"),
            Map.entry("parts.js", "text/javascript; charset=utf-8"),
            Map.entry("people.js", "text/javascript; charset=utf-8"),
            Map.entry("person.js", "text/javascript; charset=utf-8"),
            Map.entry("scene.js", "text/javascript; charset=utf-8"),
            Map.entry("views.js", "text/javascript; charset=utf-8"));

    Answer index() {
        return file("index.html");
    }

    /** @throws Problem if the page has no such file */
    Answer file(String name) {
        String type = TYPES.get(name);
        if (type == null) {
            throw Problem.notFound("the page has no such file");
        }
        try (InputStream resource = Objects.requireNonNull(PageFiles.class.getResourceAsStream("page/" + name), name)) {
            return Answer.of(type, resource.readAllBytes(), "no-cache");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
