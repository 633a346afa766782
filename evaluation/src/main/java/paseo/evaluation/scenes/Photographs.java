package paseo.evaluation.scenes;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import paseo.events.Image;

/**
 * A tar file of photographs of people, {@code PERSON/PHOTOGRAPH.jpg}: one folder a person, one main face a photograph.
 * The folders may lie in others.
 */
public final class Photographs {
    /**
     * Where the face lies, in shares of width and height. A constant and not looked for, so that truth does not depend
     * on a detector: the median of what YuNet finds in every fifteenth photograph of the deep-funneled LFW half (408
     * faces; its 10th and 90th percentiles lie 0.03–0.05 to either side).
     */
    public static final FaceBox FACE = new FaceBox(0.315, 0.253, 0.377, 0.507);

    private static final String LAYOUT = "it must be a tar file of PERSON/PHOTOGRAPH.jpg, a folder for each person";
    private static final Pattern JPEG = Pattern.compile("\\.jpe?g$", Pattern.CASE_INSENSITIVE);

    private Photographs() {}

    /**
     * One photograph.
     *
     * @param person name of its folder; from the archive's root on where others have that name, too
     * @param name of the file
     * @param jpeg its bytes
     */
    public record Photograph(String person, String name, ByteBuffer jpeg) {
        /**
         * The photograph as it would come from the wire.
         *
         * @throws IOException naming it, if it does not begin as a JPEG file does
         */
        public Image image() throws IOException {
            byte[] bytes = new byte[jpeg.remaining()];
            jpeg.duplicate().get(bytes);
            ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
            try (ImageInputStream input = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
                reader.setInput(input);
                int width = reader.getWidth(0);
                int height = reader.getHeight(0);
                return new Image(jpeg, width, height, width, height);
            } catch (IOException | RuntimeException e) {
                // What the reader throws at damaged bytes is not only what it says it throws.
                throw new IOException(person + "/" + name + " is not a JPEG file", e);
            } finally {
                reader.dispose();
            }
        }
    }

    /** Where the face lies in a photograph of so many pixels. */
    public static FaceBox faceIn(int width, int height) {
        return new FaceBox(FACE.x() * width, FACE.y() * height, FACE.width() * width, FACE.height() * height);
    }

    /**
     * Reads all of them, ordered by person and name. What else is in the archive is left out, and how much it is said.
     *
     * @throws IOException naming the file, if it is not such an archive
     */
    public static List<Photograph> read(Path tar) throws IOException {
        return read(tar, System.err::println);
    }

    /** @param notes is told of what is left out */
    static List<Photograph> read(Path tar, Consumer<String> notes) throws IOException {
        List<Photograph> photographs = new ArrayList<>();
        int others = 0;
        try (var archive = new TarArchiveInputStream(
                new BufferedInputStream(Files.newInputStream(tar)), StandardCharsets.UTF_8.name())) {
            for (TarArchiveEntry entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
                Optional<Photograph> photograph = photograph(archive, entry);
                photograph.ifPresent(photographs::add);
                others += photograph.isPresent() || entry.isDirectory() ? 0 : 1;
            }
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + tar + " to read photographs from", e);
        } catch (IOException e) {
            throw new IOException("cannot read the photographs in " + tar + ": " + e.getMessage(), e);
        }
        if (others > 0) {
            notes.accept(String.format(
                    Locale.ROOT,
                    "%,d of %,d files in %s are left out: in no folder, hidden, links, or no JPEG that can be read",
                    others,
                    others + photographs.size(),
                    tar));
        }
        if (photographs.isEmpty()) {
            throw new IOException(tar + " holds no photographs: " + LAYOUT);
        }
        List<Photograph> named = named(photographs);
        if (named.stream().map(Photograph::person).distinct().count() < 2) {
            throw new IOException(tar + " holds photographs of one person only: " + LAYOUT);
        }
        return named;
    }

    /**
     * The photograph that an entry is, under the whole path of its folder.
     *
     * @return empty for anything else, hidden ones (as macOS puts them beside each file) and links, which are no bytes
     * @throws IOException for a name that a table of lines cannot hold
     */
    private static Optional<Photograph> photograph(TarArchiveInputStream archive, TarArchiveEntry entry)
            throws IOException {
        List<String> path = Arrays.stream(entry.getName().split("/", -1))
                .filter(part -> !part.isEmpty() && !part.equals(".") && !part.equals(".."))
                .toList();
        if (!entry.isFile()
                || entry.isSymbolicLink()
                || entry.isLink()
                || path.size() < 2
                || path.stream().anyMatch(part -> part.startsWith("."))
                || !JPEG.matcher(path.get(path.size() - 1)).find()) {
            return Optional.empty();
        }
        if (entry.getName().chars().anyMatch(c -> c == '\n' || c == '\r')) {
            throw new IOException("the name of a file or folder holds a line break");
        }
        int last = path.size() - 1;
        Photograph photograph = new Photograph(
                String.join("/", path.subList(0, last)), path.get(last), ByteBuffer.wrap(archive.readAllBytes()));
        try {
            photograph.image();
            return Optional.of(photograph);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** People under the last name of their folder where it is nobody else's, in order. */
    private static List<Photograph> named(List<Photograph> photographs) {
        Map<String, Set<String>> folders = photographs.stream()
                .map(Photograph::person)
                .collect(Collectors.groupingBy(Photographs::last, Collectors.toSet()));
        return photographs.stream()
                .map(photograph -> {
                    String last = last(photograph.person());
                    boolean shared = folders.getOrDefault(last, Set.of()).size() > 1;
                    return shared ? photograph : new Photograph(last, photograph.name(), photograph.jpeg());
                })
                .sorted(Comparator.comparing(Photograph::person).thenComparing(Photograph::name))
                .toList();
    }

    private static String last(String folder) {
        return folder.substring(folder.lastIndexOf('/') + 1);
    }
}
