package paseo.events;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A record of the topic {@code cameras}: what to watch.
 *
 * @param id lower-case letters, digits, hyphens and underscores
 * @param url rtsp, rtsps, http, https or v4l2, of at most {@value #LONGEST_URL} characters; user and password only as
 *     {@code ${env:NAME}} or {@code ${file:PATH}}
 * @param fps pictures a second to look at, at most; 0 for as many as come and can be looked at
 * @param leastFace pixels that a face must be wide to be recognised; 0 for what the model pack asks for
 * @param region the part of the picture to look at; empty for all of it
 * @param retentionSeconds how long what was seen on it is kept; 0 for as long as the matcher keeps anything
 * @param paused whether it is not to be watched for now
 * @param reach how far the connection may go; empty for anywhere, as the operator's own hand may send it
 */
public record Camera(
        String id,
        String url,
        double fps,
        int leastFace,
        Optional<Region> region,
        long retentionSeconds,
        boolean paused,
        Optional<Reach> reach) {
    /** Characters that an address has at most. */
    public static final int LONGEST_URL = 2_048;

    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");
    private static final Pattern URL = Pattern.compile("(rtsps?|https?)://\\S+|v4l2:/\\S+", Pattern.CASE_INSENSITIVE);
    /**
     * What stands between scheme and host; a reference to a file has slashes in it. Possessive, as the others: a choice
     * that may be taken back costs several frames of the stack for each character.
     */
    private static final Pattern USER = Pattern.compile("^[^:/]+://((?:\\$\\{[^}]*}|[^/@?#$]++|\\$)*+)@");

    private static final Pattern REFERENCES = Pattern.compile("\\$\\{(env|file):[^}]+}(:\\$\\{(env|file):[^}]+})?");
    /** Some cameras take user and password in the path, as in {@code /user=admin_password=secret_channel=1}. */
    private static final Pattern PATH_SECRET = Pattern.compile(
            "(?i)((?:user(?:name)?|pass(?:word|wd)?|pwd)=)((?:\\$\\{[^}]*}|[^&/?#_$]++|_(?![a-z]+=)|\\$)*+)");
    /**
     * Others take them behind the question mark, as in {@code ?user=admin&pwd=secret}, by these names and some more.
     */
    private static final Pattern QUERY_SECRET =
            Pattern.compile("(?i)(?<![a-z])(?:user(?:name)?|usr|loginuse|pass(?:word|wd)?|pwd|loginpas)=([^&]*)");

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{(env|file):[^}]+}");
    private static final double MOST_FPS = 1000;
    private static final int WIDEST_FACE = 10_000;

    public Camera {
        if (!isId(id)) {
            throw new IllegalArgumentException(
                    "a camera's id is made of lower-case letters, digits, hyphens and underscores");
        }
        if (url.length() > LONGEST_URL) {
            throw new IllegalArgumentException("a camera's address has at most " + LONGEST_URL + " characters");
        }
        if (!URL.matcher(url).matches()) {
            throw new IllegalArgumentException(
                    "a camera's address begins with rtsp://, rtsps://, http://, https:// or v4l2:/ and has no"
                            + " spaces in it");
        }
        if (!(fps >= 0 && fps <= MOST_FPS)) {
            throw new IllegalArgumentException("pictures a second lie between 0 and " + MOST_FPS + ", not " + fps);
        }
        if (leastFace < 0 || leastFace > WIDEST_FACE) {
            throw new IllegalArgumentException(
                    "the least width of a face lies between 0 and " + WIDEST_FACE + " pixels, not " + leastFace);
        }
        if (retentionSeconds < 0) {
            throw new IllegalArgumentException("nothing can be kept for " + retentionSeconds + " seconds");
        }
        if (!secretsAreReferences(url)) {
            throw new IllegalArgumentException("a camera's user and password are not stored: put references in their"
                    + " place, as in rtsp://${env:NAME}:${env:NAME}@host or rtsp://${file:PATH}@host with"
                    + " user:password in the file; in a path or a query each alone, as in"
                    + " /user=${env:NAME}_password=${env:NAME} or ?user=${env:NAME}&pwd=${env:NAME}");
        }
        if (reach.isPresent()) {
            Reach.check(url);
        }
    }

    /** A camera that may be anywhere. */
    public Camera(
            String id,
            String url,
            double fps,
            int leastFace,
            Optional<Region> region,
            long retentionSeconds,
            boolean paused) {
        this(id, url, fps, leastFace, region, retentionSeconds, paused, Optional.empty());
    }

    /** Whether a text can be a camera's id. */
    public static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    /** The same camera, watched or not. */
    public Camera withPaused(boolean pause) {
        return new Camera(id, url, fps, leastFace, region, retentionSeconds, pause, reach);
    }

    /** Name or number of the host of a camera that has a {@link #reach}. */
    public String host() {
        return Reach.check(url);
    }

    /** The address for people: without user and password, and without what stands behind a question mark. */
    public String redactedUrl() {
        String plain = url.replaceFirst("(?<=://)(?:\\$\\{[^}]*}|[^@/?#$]++|\\$)*+@", "***@");
        return redactedPath(plain.replaceFirst("[?#].*", "?***"));
    }

    /** A path, of whatever address, without the user and password that some cameras want in there. */
    public static String redactedPath(String path) {
        return PATH_SECRET.matcher(path).replaceAll("$1***");
    }

    private static boolean secretsAreReferences(String url) {
        Matcher user = USER.matcher(url);
        if (user.find()) {
            return REFERENCES.matcher(user.group(1)).matches() && otherSecretsAreReferences(url.substring(user.end()));
        }
        // An @ behind a slash may be the end of a password that has a slash in it.
        return url.indexOf('@') < 0 && otherSecretsAreReferences(url);
    }

    private static boolean otherSecretsAreReferences(String url) {
        String path = url.replaceFirst("[?#].*", "");
        return Stream.concat(
                        PATH_SECRET.matcher(path).results().map(secret -> secret.group(2)),
                        QUERY_SECRET
                                .matcher(url.substring(path.length()))
                                .results()
                                .map(secret -> secret.group(1)))
                .allMatch(
                        secret -> secret.isEmpty() || REFERENCE.matcher(secret).matches());
    }
}
