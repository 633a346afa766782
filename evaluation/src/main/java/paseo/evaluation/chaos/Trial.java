package paseo.evaluation.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import paseo.events.Topics;

/** One run of all services over the same videos while things go wrong; ends when everything is decided and told. */
final class Trial implements AutoCloseable {
    private static final int PARTITIONS = 2;
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long ADMIN_MILLIS = 2_000;
    private static final String UNFINISHED = """
            SELECT ? - (SELECT count(*) FROM camera_session WHERE faces_complete AND sequences_complete)
                   + (SELECT count(*) FROM sighting_outbox) + (SELECT count(*) FROM person_outbox)
            """;

    private final Servers servers;
    private final Servers.Place place;
    private final Path directory;
    private final List<List<Path>> videos;
    private final long detections;
    private final Programs programs;
    private final Deque<Schedule.Timed> ahead;
    private final List<Supervised> processes = new ArrayList<>();
    private final PriorityQueue<Later> later = new PriorityQueue<>(Comparator.comparingLong(Later::nanos));
    private final List<String> faults = new ArrayList<>();
    private final List<Supervised> guests = new ArrayList<>();
    private long detected;
    private long allDetectedNanos;
    private boolean broker = true;

    /** Something to be put right at a time. */
    private record Later(long nanos, Repair repair) {}

    /** Puts something right. */
    private interface Repair {
        void run() throws IOException, InterruptedException;
    }

    /** Starts all services of this Paseo. */
    Trial(Servers servers, Path directory, List<List<Path>> videos, Schedule schedule, long detections)
            throws IOException, SQLException {
        this(servers, directory, videos, schedule, detections, Programs.current());
    }

    /**
     * Starts all services.
     *
     * @param directory for logs and state, empty
     * @param videos of each producer
     * @param detections how many records the topic has in the end, from a trial without faults; 0 when not known
     * @param programs which Paseo they are of
     */
    Trial(
            Servers servers,
            Path directory,
            List<List<Path>> videos,
            Schedule schedule,
            long detections,
            Programs programs)
            throws IOException, SQLException {
        this.servers = servers;
        this.place = servers.next();
        this.directory = directory;
        this.videos = videos;
        this.detections = detections;
        this.programs = programs;
        this.ahead = new ArrayDeque<>(schedule.timed());
        for (Service service : Service.values()) {
            for (int i = 0; i < service.processes(); i++) {
                processes.add(start(service, i, i == 0 ? schedule.armed().get(service) : null));
            }
        }
    }

    private Supervised start(Service service, int number, Schedule.@Nullable Armed armed) throws IOException {
        String name = service.name().toLowerCase(Locale.ROOT) + "-" + number;
        List<String> arguments = new ArrayList<>(List.of("--kafka", place.kafka(), "--partitions", "" + PARTITIONS));
        Map<String, String> environment = Map.of();
        switch (service) {
            case PRODUCER -> {
                arguments.addAll(List.of("--partition", Integer.toString(number)));
                videos.get(number).forEach(video -> arguments.add(video.toString()));
            }
            case WORKER -> arguments.addAll(List.of("--threads", "1"));
            case TRACKER ->
                arguments.addAll(List.of("--state-dir", state(number).toString()));
            case MATCHER -> {
                arguments.addAll(List.of("--postgres", place.postgres()));
                environment = Map.of("PASEO_POSTGRES_USER", place.user(), "PASEO_POSTGRES_PASSWORD", place.password());
            }
        }
        return new Supervised(
                new Command(
                        service, programs.classPath(number), arguments, environment, directory.resolve(name + ".log")),
                armed);
    }

    private Path state(int tracker) {
        return directory.resolve("tracker-" + tracker);
    }

    /** Runs until everything is decided, whatever happens on the way; gives what went wrong that must not. */
    List<String> run() throws IOException, InterruptedException, SQLException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!finished()) {
            if (System.nanoTime() > end) {
                faults.add("not finished after " + LIMIT.toMinutes() + " min: producers done "
                        + processes.stream().filter(Supervised::done).count() + ", detections " + detected + ", left "
                        + unfinished());
                return faults;
            }
            LockSupport.parkNanos(LOOK_NANOS);
            for (Supervised process : processes) {
                process.look().ifPresent(faults::add);
            }
            while (!later.isEmpty() && later.peek().nanos() < System.nanoTime()) {
                later.remove().repair().run();
            }
            while (!ahead.isEmpty() && ahead.peek().progress() <= progress()) {
                happen(ahead.remove().fault());
            }
        }
        return faults;
    }

    private void happen(Fault fault) throws IOException, InterruptedException {
        if (fault instanceof Fault.Kill kill) {
            process(kill.service(), kill.process()).kill();
        } else if (fault instanceof Fault.Restart restart) {
            process(restart.service(), restart.process()).terminate();
        } else if (fault instanceof Fault.Pause pause) {
            Supervised paused = process(pause.service(), pause.process());
            paused.signal("STOP");
            after(pause.time(), () -> paused.signal("CONT"));
        } else if (fault instanceof Fault.Guest guest) {
            Supervised visitor = start(guest.service(), guest.service().processes(), null);
            guests.add(visitor);
            after(guest.time(), visitor::terminate);
        } else if (fault instanceof Fault.LoseState) {
            process(Service.TRACKER, 0).kill();
            after(Duration.ofMillis(200), () -> delete(state(0)));
        } else if (fault instanceof Fault.BounceBroker bounce && broker) {
            servers.brokers().stopOne();
            brokerComesBack(bounce.time());
        } else if (fault instanceof Fault.KillBroker kill && broker) {
            servers.brokers().killOne();
            brokerComesBack(kill.time());
        } else if (fault instanceof Fault.KillPostgres) {
            servers.killPostgres();
        } else if (fault instanceof Fault.StallPostgres stall) {
            servers.shutValve();
            after(stall.time(), servers::openValve);
        }
    }

    private void brokerComesBack(Duration time) {
        broker = false;
        after(time, () -> {
            servers.brokers().startAgain();
            broker = true;
        });
    }

    private void after(Duration time, Repair repair) {
        later.add(new Later(System.nanoTime() + time.toNanos(), repair));
    }

    private Supervised process(Service service, int number) {
        return processes.stream()
                .filter(process -> process.service() == service)
                .skip(number)
                .findFirst()
                .orElseThrow();
    }

    /** Share of all detections that are there; from then on each second counts a hundredth. */
    private double progress() {
        if (broker || servers.brokers().answersWithoutOne()) {
            detected = Math.max(detected, detected());
        }
        // There are a few more or less of them: signs of life go by the clock.
        boolean over = producersDone() && unfinished() == 0;
        if (detections == 0 || (detected < detections && !over)) {
            return detections == 0 ? 0 : (double) detected / detections;
        }
        if (allDetectedNanos == 0) {
            allDetectedNanos = System.nanoTime();
        }
        return 1 + (System.nanoTime() - allDetectedNanos) / 1e11;
    }

    private long detected() {
        try (Admin admin = admin()) {
            Map<TopicPartition, OffsetSpec> ends = IntStream.range(0, PARTITIONS)
                    .boxed()
                    .collect(Collectors.toMap(
                            i -> new TopicPartition(Topics.DETECTIONS.name(), i), i -> OffsetSpec.latest()));
            return admin.listOffsets(ends).all().get().values().stream()
                    .mapToLong(ListOffsetsResultInfo::offset)
                    .sum();
        } catch (ExecutionException e) {
            // Not yet there, or away.
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private Admin admin() {
        return Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                place.kafka(),
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) ADMIN_MILLIS,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                (int) ADMIN_MILLIS));
    }

    private boolean finished() throws SQLException {
        return broker && later.isEmpty() && ahead.isEmpty() && producersDone() && unfinished() == 0;
    }

    private boolean producersDone() {
        return processes.stream()
                .filter(process -> process.service() == Service.PRODUCER)
                .allMatch(Supervised::done);
    }

    private long unfinished() {
        try (Connection connection = servers.connect(place.database());
                var statement = connection.prepareStatement(UNFINISHED)) {
            statement.setLong(1, videos.stream().mapToLong(List::size).sum());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        } catch (SQLException e) {
            // No tables yet, or recovering.
            return Long.MAX_VALUE;
        }
    }

    /** How often processes were started. */
    int starts() {
        return processes.stream().mapToInt(Supervised::starts).sum();
    }

    /** The same of one service. */
    int starts(Service service) {
        return processes.stream()
                .filter(process -> process.service() == service)
                .mapToInt(Supervised::starts)
                .sum();
    }

    /** Records on the topic detections. */
    long detections() {
        return detected();
    }

    /** What is left behind by now. */
    Evidence evidence() throws SQLException {
        try (Connection connection = servers.connect(place.database());
                Connection keys = servers.connect(place.database() + "_keys")) {
            return new Verifier(connection, keys, place.kafka()).evidence();
        }
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    @Override
    public void close() {
        List<Supervised> all = new ArrayList<>(processes);
        all.addAll(guests);
        all.forEach(Supervised::kill);
        all.forEach(Supervised::close);
    }
}
