package paseo.tracking;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;

/**
 * Keeps RocksDB small: by default each partition's store may take 50 MiB of block cache and 48 MiB of write buffers,
 * while a camera's state is some hundred kilobytes.
 */
public final class BoundedMemory implements RocksDBConfigSetter {
    private static final long BLOCK_CACHE_BYTES = 2 << 20;
    private static final long WRITE_BUFFER_BYTES = 2 << 20;
    private static final int WRITE_BUFFERS = 2;

    /** Native memory, so it has to be given back with the store. */
    private @Nullable LRUCache cache;

    /** Made by Kafka Streams, one for each store. */
    public BoundedMemory() {}

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        cache = new LRUCache(BLOCK_CACHE_BYTES);
        table.setBlockCache(cache);
        table.setCacheIndexAndFilterBlocks(true);
        options.setTableFormatConfig(table);
        options.setWriteBufferSize(WRITE_BUFFER_BYTES);
        options.setMaxWriteBufferNumber(WRITE_BUFFERS);
    }

    @Override
    public void close(String storeName, Options options) {
        if (cache != null) {
            cache.close();
        }
    }
}
