package paseo.standalone;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import paseo.events.Embedding;

/** Bytes by which somebody would be found in any file: from the middle of what is stored of them, in each form. */
final class Canaries {
    /** Of embeddings eight floats or sixteen halves, of pictures as much: nothing else has the same. */
    private static final int BYTES = 32;

    private static final int PREFIX_BITS = 24;

    private final Map<ByteBuffer, String> names = new HashMap<>();
    private final BitSet prefixes = new BitSet(1 << PREFIX_BITS);

    private void add(String kind, byte[] all) {
        int from = (all.length - BYTES) / 2 / 4 * 4;
        byte[] middle = Arrays.copyOfRange(all, from, from + BYTES);
        names.put(ByteBuffer.wrap(middle), kind);
        prefixes.set(prefix(middle, 0));
    }

    /** As Kafka has it. */
    void embedding(Embedding embedding) {
        ByteBuffer floats =
                ByteBuffer.allocate(embedding.dimension() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < embedding.dimension(); i++) {
            floats.putFloat(embedding.get(i));
        }
        add("embedding", floats.array());
    }

    /**
     * As PostgreSQL has it.
     *
     * @param sent by {@code halfvec_send}: two shorts, then the halves, all in the order of the network
     */
    void halves(byte[] sent) {
        byte[] halves = Arrays.copyOfRange(sent, 2 * Short.BYTES, sent.length);
        for (int i = 0; i < halves.length; i += 2) {
            byte high = halves[i];
            halves[i] = halves[i + 1];
            halves[i + 1] = high;
        }
        add("halves", halves);
    }

    /** That with which it is sealed. */
    void key(byte[] key) {
        add("key", key);
    }

    /** As everybody has it, and as pages have it. */
    void picture(byte[] jpeg) {
        add("picture", jpeg);
        add("text", Base64.getEncoder().encodeToString(jpeg).getBytes(StandardCharsets.US_ASCII));
    }

    Set<String> kinds() {
        return new TreeSet<>(names.values());
    }

    /** What is found in the files of a directory: kinds by the file's path, numbers in it replaced by #. */
    Map<String, Set<String>> in(Path directory) throws IOException {
        Map<String, Set<String>> found = new TreeMap<>();
        List<Path> files;
        try (Stream<Path> walk = Files.walk(directory)) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            Set<String> kinds = in(bytes(file));
            if (!kinds.isEmpty()) {
                String name = directory.relativize(file).toString().replaceAll("[0-9A-F]*[0-9]+", "#");
                found.computeIfAbsent(name, nothing -> new TreeSet<>()).addAll(kinds);
            }
        }
        return found;
    }

    /** Files below a directory that hold something of these kinds. */
    Set<Path> files(Path directory, Set<String> kinds) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(directory)) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        Set<Path> found = new TreeSet<>();
        for (Path file : files) {
            if (in(bytes(file)).stream().anyMatch(kinds::contains)) {
                found.add(file);
            }
        }
        return found;
    }

    private static byte[] bytes(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            // Deleted meanwhile.
            return new byte[0];
        }
    }

    private Set<String> in(byte[] bytes) {
        Set<String> found = new TreeSet<>();
        for (int at = 0; at + BYTES <= bytes.length; at++) {
            if (prefixes.get(prefix(bytes, at))) {
                String kind = names.get(ByteBuffer.wrap(bytes, at, BYTES));
                if (kind != null) {
                    found.add(kind);
                }
            }
        }
        return found;
    }

    private static int prefix(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 16 | (bytes[at + 1] & 0xff) << 8 | (bytes[at + 2] & 0xff);
    }
}
