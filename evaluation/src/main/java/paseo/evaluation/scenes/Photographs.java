package paseo.evaluation.scenes;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * A tar file of photographs of people, {@code PERSON/PHOTOGRAPH.jpg}: one folder a person, one main face a photograph.
 */
public final class Photographs {
    /**
     * Where the face lies, in shares of width and height. A constant and not looked for, so that truth does not depend
     * on a detector: the median of what YuNet finds in every fifteenth photograph of the deep-funneled LFW half (408
     * faces; its 10th and 90th percentiles lie 0.03–0.05 to either side).
     */
    public static final FaceBox FACE = new FaceBox(0.315, 0.253, 0.377, 0.507);

    private Photographs() {}

    /**
     * One photograph.
     *
     * @param person name of its folder
     * @param name of the file
     * @param jpeg its bytes
     */
    public record Photograph(String person, String name, ByteBuffer jpeg) {}

    /** Where the face lies in a photograph of so many pixels. */
    public static FaceBox faceIn(int width, int height) {
        return new FaceBox(FACE.x() * width, FACE.y() * height, FACE.width() * width, FACE.height() * height);
    }

    /**
     * Reads all of them, ordered by person and name.
     *
     * @throws IOException naming the file, if it is not such an archive
     */
    public static List<Photograph> read(Path tar) throws IOException {
        List<Photograph> photographs = new ArrayList<>();
        try (var archive = new TarArchiveInputStream(new BufferedInputStream(Files.newInputStream(tar)))) {
            for (TarArchiveEntry entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
                Path path = Path.of(entry.getName());
                if (entry.isFile()
                        && path.getNameCount() >= 2
                        && entry.getName().endsWith(".jpg")) {
                    String person = path.getName(path.getNameCount() - 2).toString();
                    photographs.add(new Photograph(
                            person, path.getFileName().toString(), ByteBuffer.wrap(archive.readAllBytes())));
                }
            }
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + tar + " to read photographs from", e);
        } catch (IOException e) {
            throw new IOException("cannot read the photographs in " + tar + ": " + e.getMessage(), e);
        }
        if (photographs.isEmpty()) {
            throw new IOException(tar + " holds no photographs: it must be a tar file of PERSON/PHOTOGRAPH.jpg");
        }
        photographs.sort(Comparator.comparing(Photograph::person).thenComparing(Photograph::name));
        return photographs;
    }
}
