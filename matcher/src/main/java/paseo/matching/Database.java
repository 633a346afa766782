package paseo.matching;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pool of connections, and the one way to use them: a transaction that is repeated when it lost a race. Everything
 * that can hang has a limit.
 */
final class Database implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Database.class);

    /** What the services and commands call themselves to PostgreSQL. */
    private static final String NAME = "paseo-matcher";

    private static final int CONNECTIONS = 4;
    private static final int CONNECT_SECONDS = 10;
    private static final long POOL_WAIT_MILLIS = 5_000;
    /** Longer than any statement may take: only a peer that has gone silent lets it run out. */
    private static final int SOCKET_SECONDS = 90;

    /** How many an index by similarity keeps in hand while it searches; what that finds is audited. */
    private static final int EF_SEARCH = 80;

    private static final String LIMITS_OF_KEYS =
            "SET lock_timeout = '30s'; SET statement_timeout = '60s'; SET idle_in_transaction_session_timeout = '120s'";
    private static final String LIMITS = LIMITS_OF_KEYS + "; SET hnsw.ef_search = " + EF_SEARCH;
    private static final int ATTEMPTS = 6;
    private static final long FIRST_PAUSE_MILLIS = 20;

    private static final int PING_SECONDS = 2;
    /** A look at whether it answers is good for so long. */
    private static final long PING_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final HikariDataSource pool;
    private final PGSimpleDataSource patient;
    private final MeterRegistry registry;
    private final @Nullable KeyDatabase keys;
    private Optional<String> missing = Optional.empty();
    private long pinged = System.nanoTime() - 2 * PING_NANOS;

    private Database(
            HikariDataSource pool, PGSimpleDataSource patient, MeterRegistry registry, @Nullable KeyDatabase keys) {
        this.pool = pool;
        this.patient = patient;
        this.registry = registry;
        this.keys = keys;
        SqlFaults.RACES.forEach(this::retries);
    }

    /** Work inside a transaction; may be repeated, so it must leave nothing behind but in the database. */
    @FunctionalInterface
    interface Work<T> {
        T in(Connection connection) throws SQLException;
    }

    /**
     * Connects and brings the schema up to date, what an earlier program has stored, and what PostgreSQL loses in a
     * crash.
     *
     * @throws UnusableDatabaseException if it cannot be reached, has no pgvector 0.8, or belongs to a later program,
     *     and if its keys are not there
     */
    static Database open(DatabaseSettings settings) {
        return open(settings, new SimpleMeterRegistry());
    }

    /** The same, which counts. */
    static Database open(DatabaseSettings settings, MeterRegistry registry) {
        return open(settings, NAME, registry, LIMITS);
    }

    /**
     * The same for whoever asks with very different values: each statement is planned for its own, at a millisecond.
     */
    static Database openForLists(DatabaseSettings settings) {
        return open(settings, NAME, new SimpleMeterRegistry(), LIMITS + "; SET plan_cache_mode = 'force_custom_plan'");
    }

    /** The same under another name, for whoever asks who else is connected: see {@link #others}. */
    static Database openAs(String name, DatabaseSettings settings) {
        return open(settings, name, new SimpleMeterRegistry(), LIMITS);
    }

    private static Database open(DatabaseSettings settings, String name, MeterRegistry registry, String initial) {
        PGSimpleDataSource source = source(settings, name);
        Schema.prepare(source, settings);
        KeyDatabase keys = KeyDatabase.open(settings, source, name);
        Database opened = connect(settings, name, registry, initial, keys);
        try {
            new GalleryFill(opened).bringUp();
            return opened;
        } catch (UnusableDatabaseException e) {
            opened.close();
            throw e;
        }
    }

    /** One that holds keys, whose tables are there. */
    static Database ofKeys(DatabaseSettings settings, String name) {
        return connect(settings, name, new SimpleMeterRegistry(), LIMITS_OF_KEYS, null);
    }

    private static Database connect(
            DatabaseSettings settings,
            String name,
            MeterRegistry registry,
            String initial,
            @Nullable KeyDatabase keys) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(keys == null ? NAME + "-keys" : NAME);
        config.setDataSource(source(settings, name));
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(POOL_WAIT_MILLIS);
        config.setConnectionInitSql(initial);
        config.setAutoCommit(false);
        config.setMetricRegistry(registry);
        PGSimpleDataSource patient = source(settings, name);
        patient.setSocketTimeout(0);
        return new Database(new HikariDataSource(config), patient, registry, keys);
    }

    /** Those with which it is sealed. */
    KeyDatabase keys() {
        if (keys == null) {
            throw new IllegalStateException("keys are not sealed themselves");
        }
        return keys;
    }

    static PGSimpleDataSource source(DatabaseSettings settings, String name) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        try {
            source.setUrl(settings.jdbcUrl());
        } catch (IllegalArgumentException e) {
            // The driver's message quotes the whole address, password included.
            throw new UnusableDatabaseException(
                    false, settings.address() + " is not an address of a PostgreSQL database", null);
        }
        if (!settings.user().isEmpty()) {
            source.setUser(settings.user());
        }
        if (!settings.password().isEmpty()) {
            source.setPassword(settings.password());
        }
        source.setApplicationName(name);
        source.setConnectTimeout(CONNECT_SECONDS);
        source.setSocketTimeout(SOCKET_SECONDS);
        source.setTcpKeepAlive(true);
        return source;
    }

    /**
     * Runs work in a transaction and commits it. A transaction that lost a race (deadlock, serialisation, a lock not
     * got in time) is repeated a few times with growing pauses.
     */
    <T> T transaction(Work<T> work) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try (Connection connection = pool.getConnection()) {
                return attempt(connection, work);
            } catch (SQLException e) {
                if (SqlFaults.readOnly(e)) {
                    // The server may have become a standby: connections made before would stay with it.
                    pool.getHikariPoolMXBean().softEvictConnections();
                }
                if (!SqlFaults.lostRace(e) || attempt == ATTEMPTS || !paused(attempt)) {
                    throw e;
                }
                retries(e.getSQLState()).increment();
            }
        }
    }

    /** A connection for one piece of work that may take an hour, each statement for itself; to be closed. */
    Connection patient() throws SQLException {
        return patient.getConnection();
    }

    /** Connections of services and other commands to this database. */
    static long others(Connection connection) throws SQLException {
        return Sql.one(
                connection,
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = ?",
                row -> row.getLong(1),
                NAME);
    }

    /** Work that may take an hour, in one transaction, which is not repeated. */
    <T> T patiently(String what, Work<T> work) {
        try (Connection connection = patient()) {
            connection.setAutoCommit(false);
            return attempt(connection, work);
        } catch (SQLException e) {
            throw new UnusableDatabaseException(SqlFaults.passing(e), "cannot " + what + ": " + e.getMessage(), e);
        }
    }

    private Counter retries(String state) {
        return Counter.builder("paseo.db.retries")
                .description("Transactions repeated because they lost a race, by PostgreSQL's code")
                .tag("sqlstate", state)
                .register(registry);
    }

    /** Why nothing can be stored now; empty where it can. */
    synchronized Optional<String> missing() {
        if (System.nanoTime() - pinged > PING_NANOS) {
            missing = ping();
            pinged = System.nanoTime();
        }
        return missing;
    }

    private Optional<String> ping() {
        try (Connection connection = pool.getConnection()) {
            if (!connection.isValid(PING_SECONDS)) {
                return Optional.of("PostgreSQL does not answer");
            }
            boolean readOnly = Sql.one(
                    connection, "SELECT current_setting('transaction_read_only')::boolean", row -> row.getBoolean(1));
            connection.rollback();
            return readOnly ? Optional.of("PostgreSQL takes no writes now") : Optional.empty();
        } catch (SQLException e) {
            log.debug("PostgreSQL was asked whether it is there", e);
            return Optional.of("PostgreSQL cannot be reached");
        }
    }

    /**
     * Runs a transaction for somebody who asks once and can ask again.
     *
     * @param what is done, to follow "cannot"
     * @throws UnusableDatabaseException if the database fails
     */
    <T> T asked(String what, Work<T> work) {
        try {
            return transaction(work);
        } catch (SQLException e) {
            throw new UnusableDatabaseException(SqlFaults.passing(e), "cannot " + what + ": " + e.getMessage(), e);
        }
    }

    private static <T> T attempt(Connection connection, Work<T> work) throws SQLException {
        boolean committed = false;
        try {
            T value = work.in(connection);
            connection.commit();
            committed = true;
            return value;
        } finally {
            if (!committed) {
                rollback(connection);
            }
        }
    }

    private static void rollback(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            // The connection is gone, and the transaction with it; the pool notices by itself.
            log.debug("no rollback on a broken connection", e);
        }
    }

    private static boolean paused(int attempt) {
        long pause = FIRST_PAUSE_MILLIS << attempt;
        try {
            TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextLong(pause / 2, pause));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        pool.close();
        if (keys != null) {
            keys.close();
        }
    }
}
