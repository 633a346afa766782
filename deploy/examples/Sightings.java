import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/**
 * Prints who passes as lines of JSON, from Paseo's live events. Needs nothing but a JDK:
 *
 * <pre>PASEO_TOKEN=… java Sightings.java http://127.0.0.1:8642</pre>
 */
public final class Sightings {
    private Sightings() {}

    public static void main(String[] arguments) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(arguments[0]).resolve("/v1/events"))
                .header("Authorization", "Bearer " + System.getenv("PASEO_TOKEN"))
                .build();
        var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream());
        if (answer.statusCode() != 200) {
            System.err.println(new String(answer.body().readAllBytes(), StandardCharsets.UTF_8));
            System.exit(1);
        }
        try (var lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            lines.lines()
                    .filter(line -> line.startsWith("data: {\"sequenceId\""))
                    .forEach(line -> System.out.println(line.substring("data: ".length())));
        }
    }
}
