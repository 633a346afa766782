package paseo.matching.api;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import paseo.events.EventFormatException;
import paseo.events.Sighting;
import paseo.events.Topics;
import paseo.matching.AccessTokens;
import paseo.matching.AccessTokens.Token;
import paseo.matching.UnusableDatabaseException;
import paseo.operations.KafkaConnection;

/**
 * The topic {@code sightings} for clients that listen. An event's id says how far each partition has been read, so a
 * client that comes back, to this process or another one, gets what it missed; the latest thousands are kept in memory,
 * read back from Kafka at the start.
 */
final class LiveEvents implements AutoCloseable, Runnable {
    private static final Logger log = LoggerFactory.getLogger(LiveEvents.class);

    private static final int MOST_CLIENTS = 1_000;
    private static final int REMEMBERED = 4_096;
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration REACH = Duration.ofSeconds(10);
    private static final long ALIVE_SECONDS = 10;
    private static final ByteBuffer WELCOME = bytes(": welcome\n\n");
    private static final Pattern ID = Pattern.compile("[0-9]{1,9}-[0-9]{1,18}(\\.[0-9]{1,9}-[0-9]{1,18}){0,999}");

    private final Optional<KafkaConnection> kafka;
    private final AccessTokens tokens;
    private final Clock clock;
    private final Thread thread = new Thread(this, "paseo-api-events");
    private final Thread alive = new Thread(this::keepAlive, "paseo-api-alive");
    /** Apart from the others: a database that does not answer must hold up no sighting and no sign of life. */
    private final Thread welcome = new Thread(this::keepWelcome, "paseo-api-welcome");

    private final CountDownLatch closing = new CountDownLatch(1);
    private final Set<LiveClient> clients = ConcurrentHashMap.newKeySet();
    private final Deque<Event> latest = new ArrayDeque<>();
    /** Where each partition is read on; the lock of this, of {@link #latest} and {@link #oldest} is this object. */
    private final TreeMap<Integer, Long> positions = new TreeMap<>();
    /** From where on all of each partition is in {@link #latest}, but for what was erased. */
    private final Map<Integer, Long> oldest = new HashMap<>();
    /** Where each partition ended when it was first reached: what is before that had happened already. */
    private final TreeMap<Integer, Long> ends = new TreeMap<>();
    /** Who came before all of that was read back, and behind which id each is to go on. */
    private final Map<LiveClient, String> waiting = new ConcurrentHashMap<>();

    /** Whether it has been read back. */
    private volatile boolean ready;

    private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;

    /** @param key of the record, by which it is erased */
    private record Event(int partition, long offset, String key, ByteBuffer text) {}

    /**
     * @param kafka without, clients are kept waiting for what never comes
     * @param tokens that clients listen with
     */
    LiveEvents(Optional<KafkaConnection> kafka, AccessTokens tokens, Clock clock) {
        this.kafka = kafka;
        this.tokens = tokens;
        this.clock = clock;
        this.ready = kafka.isEmpty();
        for (Thread each : List.of(thread, alive, welcome)) {
            each.setDaemon(true);
            each.start();
        }
    }

    /** Whether anything can come. */
    boolean live() {
        return kafka.isPresent();
    }

    /**
     * Lets a client listen. It is told an id before the first event, so that it misses nothing when it has to come back
     * earlier. Until what happened before the start has been read back it waits, for that is not what happens now.
     *
     * @param after id of the last event it got
     * @throws Problem if there are too many
     */
    void join(LiveClient client, Optional<String> after) {
        if (clients.size() >= MOST_CLIENTS) {
            throw new Problem(429, "too many clients listen", Map.of("Retry-After", "10"));
        }
        synchronized (this) {
            // Before anything is sent: one that is cut off meanwhile has to leave.
            clients.add(client);
            if (ready) {
                client.send(WELCOME);
                goOn(client, after.orElseGet(() -> id(positions)));
            } else {
                // Where nothing has been reached yet this is no id: what comes meanwhile may be missed, so it is reset.
                waiting.put(client, after.orElseGet(() -> id(ends)));
                client.send(WELCOME);
            }
        }
    }

    void leave(LiveClient client) {
        clients.remove(client);
        waiting.remove(client);
    }

    int clients() {
        return clients.size();
    }

    /** Ends the streams of a token that was taken away. */
    void endOf(long token) {
        end(List.copyOf(clients), client -> client.token().id() == token);
    }

    private void end(List<LiveClient> listening, Predicate<LiveClient> condition) {
        listening.stream().filter(condition).forEach(client -> {
            leave(client);
            client.finish();
        });
    }

    /** Ends the streams of those whose token has expired or was taken away, also where another process did that. */
    private void endUnwelcome() {
        // Whoever comes while the tokens are read has just been asked for theirs.
        List<LiveClient> listening = List.copyOf(clients);
        if (listening.isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        end(listening, client -> !client.token().expires().isAfter(now));
        try {
            Set<Long> good = tokens.all().stream().map(Token::id).collect(Collectors.toSet());
            end(listening, client -> !good.contains(client.token().id()));
        } catch (UnusableDatabaseException e) {
            log.warn("whether those who listen still may is asked again soon: {}", e.getMessage());
        }
    }

    /** Tells a client everything behind an id, or that it has to begin anew. */
    private void goOn(LiveClient client, String id) {
        Map<Integer, Long> known = parse(id);
        boolean complete = positions.keySet().stream()
                .allMatch(partition -> known.getOrDefault(partition, -1L) >= oldest.getOrDefault(partition, 0L));
        if (!complete) {
            client.send(bytes("id: " + id(positions) + "\nevent: reset\ndata: {}\n\n"));
            return;
        }
        List<ByteBuffer> pieces = new ArrayList<>();
        latest.stream()
                .filter(event -> event.offset >= known.getOrDefault(event.partition, Long.MAX_VALUE))
                .forEach(event -> pieces.add(event.text));
        if (!positions.isEmpty()) {
            // Also where nothing was missed; and of events that were read back, ids may fall behind the client's own.
            pieces.add(bytes("id: " + id(positions) + "\n\n"));
        }
        client.catchUp(pieces);
    }

    private static Map<Integer, Long> parse(String id) {
        if (!ID.matcher(id).matches()) {
            return Map.of();
        }
        Map<Integer, Long> offsets = new HashMap<>();
        for (String part : id.split("\\.", -1)) {
            String[] sides = part.split("-", -1);
            offsets.put(Integer.valueOf(sides[0]), Long.valueOf(sides[1]));
        }
        return offsets;
    }

    private static String id(Map<Integer, Long> offsets) {
        return offsets.entrySet().stream()
                .map(entry -> entry.getKey() + "-" + entry.getValue())
                .collect(Collectors.joining("."));
    }

    @Override
    public void run() {
        while (kafka.isPresent() && closing.getCount() > 0) {
            try {
                follow(kafka.get());
            } catch (WakeupException e) {
                log.debug("woken up to stop", e);
            } catch (KafkaException e) {
                log.warn("live events wait for Kafka: {}", e.getMessage());
                if (stopsWithin(1)) {
                    return;
                }
            }
        }
    }

    private void keepAlive() {
        while (!stopsWithin(ALIVE_SECONDS)) {
            tellAll(bytes(": alive\n\n"));
        }
    }

    private void keepWelcome() {
        while (!stopsWithin(ALIVE_SECONDS)) {
            endUnwelcome();
        }
    }

    private boolean stopsWithin(long seconds) {
        try {
            return closing.await(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private void follow(KafkaConnection servers) {
        try (KafkaConsumer<byte[], byte[]> opened = consumer(servers)) {
            consumer = opened;
            begin(opened);
            while (closing.getCount() > 0) {
                for (ConsumerRecord<byte[], byte[]> entry : opened.poll(POLL)) {
                    take(entry);
                }
                if (!ready && readBack(opened)) {
                    beginToTell();
                }
            }
        } finally {
            consumer = null;
        }
    }

    private void begin(KafkaConsumer<byte[], byte[]> opened) {
        List<TopicPartition> partitions = opened.partitionsFor(Topics.SIGHTINGS.name(), REACH).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        opened.assign(partitions);
        Map<TopicPartition, Long> beginnings = opened.beginningOffsets(partitions, REACH);
        Map<TopicPartition, Long> reached = opened.endOffsets(partitions, REACH);
        synchronized (this) {
            for (TopicPartition partition : partitions) {
                long end = reached.getOrDefault(partition, 0L);
                long start = Math.max(beginnings.getOrDefault(partition, 0L), end - REMEMBERED / partitions.size());
                if (!ready) {
                    ends.put(partition.partition(), end);
                }
                long from = positions.computeIfAbsent(partition.partition(), unknown -> start);
                oldest.putIfAbsent(partition.partition(), from);
                opened.seek(partition, from);
            }
        }
    }

    private boolean readBack(KafkaConsumer<byte[], byte[]> opened) {
        return opened.assignment().stream()
                .allMatch(
                        partition -> opened.position(partition, REACH) >= ends.getOrDefault(partition.partition(), 0L));
    }

    private synchronized void beginToTell() {
        ready = true;
        Map<LiveClient, String> all = Map.copyOf(waiting);
        waiting.clear();
        all.forEach(this::goOn);
    }

    private static KafkaConsumer<byte[], byte[]> consumer(KafkaConnection servers) {
        return new KafkaConsumer<>(
                servers.consumer(Map.of(
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "latest",
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        (int) REACH.toMillis())),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private void take(ConsumerRecord<byte[], byte[]> entry) {
        Optional<String> json = json(entry);
        String key = entry.key() == null ? "" : new String(entry.key(), StandardCharsets.UTF_8);
        synchronized (this) {
            positions.put(entry.partition(), entry.offset() + 1);
            if (entry.value() == null) {
                // The sequence was erased: whoever comes back is not told of it either.
                latest.removeIf(event -> event.key.equals(key));
            }
            if (json.isEmpty()) {
                return;
            }
            ByteBuffer text = bytes("id: " + id(positions) + "\nevent: sighting\ndata: " + json.get() + "\n\n");
            latest.add(new Event(entry.partition(), entry.offset(), key, text));
            if (latest.size() > REMEMBERED) {
                Event first = latest.remove();
                oldest.put(first.partition, first.offset + 1);
            }
            if (ready) {
                tellAll(text);
            }
        }
    }

    private static Optional<String> json(ConsumerRecord<byte[], byte[]> entry) {
        try {
            Sighting sighting = Topics.SIGHTINGS.codec().deserialize(entry.topic(), entry.headers(), entry.value());
            return Optional.ofNullable(sighting)
                    .map(Topics.SIGHTINGS.codec()::toJson)
                    .map(text -> text.replace("\n", ""));
        } catch (EventFormatException e) {
            log.warn("record {} of {} is no sighting", entry.offset(), entry.topic(), e);
            return Optional.empty();
        }
    }

    private void tellAll(ByteBuffer text) {
        Collection<LiveClient> listening = List.copyOf(clients);
        listening.forEach(client -> client.send(text));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        closing.countDown();
        KafkaConsumer<byte[], byte[]> open = consumer;
        if (open != null) {
            open.wakeup();
        }
        List.copyOf(clients).forEach(LiveClient::finish);
        try {
            thread.join(REACH.toMillis());
            alive.join(REACH.toMillis());
            welcome.join(REACH.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
