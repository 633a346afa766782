package paseo.matching;

/**
 * One partition of the templates of a pack: those of sequences numbered {@code first} to {@code beyond - 1}, which is a
 * stretch of time.
 *
 * @param pack of the templates
 * @param first lowest number of a sequence in it
 * @param beyond lowest number of a sequence in the next one
 * @param dimension of the pack's embeddings
 * @param indexed whether it has its index by similarity; without one it is read whole
 */
record GalleryPartition(short pack, long first, long beyond, int dimension, boolean indexed) {
    /** The table. */
    String table() {
        return "template_" + pack + "_" + first;
    }

    /** Its index by similarity, which may not be there. */
    String index() {
        return table() + "_near";
    }

    /** Whether some of its sequences are among those from one number to before another. */
    boolean meets(long from, long to) {
        return first < to && from < beyond;
    }

    /** Whether all of its sequences are. */
    boolean within(long from, long to) {
        return from <= first && beyond <= to;
    }

    /** What its index is made over. */
    String indexed(String embedding) {
        return "(" + embedding + "::halfvec(" + dimension + "))";
    }

    /** Those of its sequences that are numbered from one to before another, which are read whole. */
    GalleryPartition part(long from, long to) {
        return new GalleryPartition(pack, Math.max(first, from), Math.min(beyond, to), dimension, false);
    }
}
