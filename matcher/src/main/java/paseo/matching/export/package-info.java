/** Tables as files: CSV, lines of JSON, Parquet. Written as they are read, in memory that does not grow. */
@NullMarked
package paseo.matching.export;

import org.jspecify.annotations.NullMarked;
