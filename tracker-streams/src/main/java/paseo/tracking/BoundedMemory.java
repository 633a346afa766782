package paseo.tracking;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Options;

/**
 * Keeps RocksDB small: by default each partition's store may take 50 MiB of block cache and 48 MiB of write buffers,
 * while a camera's state is some hundred kilobytes.
 */
public final class BoundedMemory implements RocksDBConfigSetter {
    private static final long BLOCK_CACHE_BYTES = 2 << 20;
    private static final long WRITE_BUFFER_BYTES = 2 << 20;
    private static final int WRITE_BUFFERS = 2;

    /** Made by Kafka Streams. */
    public BoundedMemory() {}

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(new org.rocksdb.LRUCache(BLOCK_CACHE_BYTES));
        table.setCacheIndexAndFilterBlocks(true);
        options.setTableFormatConfig(table);
        options.setWriteBufferSize(WRITE_BUFFER_BYTES);
        options.setMaxWriteBufferNumber(WRITE_BUFFERS);
    }

    @Override
    public void close(String storeName, Options options) {
        // The table's configuration owns the cache and closes it with the store.
    }
}
