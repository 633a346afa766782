package paseo.standalone;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupSubscribedToTopicException;
import paseo.embedded.EmbeddedKafka;
import paseo.events.Topics;
import paseo.matching.Purge;
import paseo.tracking.TrackerStreams;

/**
 * What somebody who is erased leaves in the files of a data directory that no other command is using: pictures in
 * reports, rows' room in the database, records in Kafka, the tracker's state.
 */
final class Leftovers {
    private static final Duration DEADLINE = Duration.ofMinutes(1);
    private static final Duration POLL = Duration.ofMillis(50);
    /** Files of a deleted topic go at once, and not after a while in which somebody might still read them. */
    private static final Map<String, String> AT_ONCE =
            Map.of("log.segment.delete.delay.ms", "0", "log.initial.task.delay.ms", "0");

    private final DataDirectory data;
    private final Purge purge;

    Leftovers(DataDirectory data, Purge purge) {
        this.data = data;
        this.purge = purge;
    }

    /**
     * Removes them; gives what there is to say of it, a line each.
     *
     * @param pictures of who is erased: reports that show one are deleted
     * @throws Refusal if that fails; what is left can be removed another time
     */
    List<String> remove(List<byte[]> pictures) {
        List<String> said = new ArrayList<>();
        int reports = removeReports(data.reports(), pictures);
        if (reports > 0) {
            said.add(Progress.counted(reports, "report", "reports")
                    + " with such pictures deleted; the same run writes it again, without");
        }
        if (Files.exists(data.downloads())) {
            said.add("videos that a run has fetched and not finished stay in " + data.downloads()
                    + ": that run deletes them at its end, and so does 'paseo reset'");
        }
        ofTables(purge).ifPresent(said::add);
        if (purge.quiet()) {
            removeTopics();
            said.add(aboutTopics());
        } else {
            said.add(
                    "a run that was stopped is not over, and what Kafka holds may belong to it: when it has been run to"
                            + " its end, 'paseo people purge' removes that");
        }
        return said;
    }

    /** What is wished of another Kafka's topics stays wished: only who runs on that one can do it. */
    private String aboutTopics() {
        if (data.hasOtherKafka()) {
            return "a run has used another Kafka, with --kafka: the next 'paseo run' or 'paseo watch' deletes what its"
                    + " topics hold of it, and has to be on that one";
        }
        purge.topicsAreEmpty();
        return "nothing of it is left in Kafka's files or the tracker's";
    }

    /** Writes tables anew; gives what is left all the same. */
    static Optional<String> ofTables(Purge purge) {
        return switch (purge.tables()) {
            case CLEAR -> Optional.empty();
            case CLEAR_BUT_LOG ->
                Optional.of("the database's tables are without it; its write-ahead log is when it has"
                        + " been overwritten");
            case IN_USE ->
                Optional.of(
                        "the database's files are in use and still hold bytes of it: 'paseo people purge' removes them");
        };
    }

    /** Deletes the reports that show a picture, and gives their number; what else lies there is nobody's concern. */
    static int removeReports(Path reports, List<byte[]> pictures) {
        if (pictures.isEmpty()) {
            return 0;
        }
        List<String> shown =
                pictures.stream().map(Base64.getEncoder()::encodeToString).toList();
        int removed = 0;
        try {
            for (Path report : files(reports)) {
                if (Files.isRegularFile(report) && shows(report, shown)) {
                    Files.delete(report);
                    removed++;
                }
            }
            return removed;
        } catch (IOException e) {
            throw Refusal.failed("cannot delete from " + reports + " (" + DataDirectory.reason(e) + ")", e);
        }
    }

    /** Pictures are ASCII in a report; as UTF-8 a report that was cut off could not be read, and would stay. */
    private static boolean shows(Path report, List<String> pictures) throws IOException {
        String text = new String(Files.readAllBytes(report), StandardCharsets.ISO_8859_1);
        return pictures.stream().anyMatch(text::contains);
    }

    /** Nobody needs them: they are made again, empty, and the tracker begins anew on them. */
    private void removeTopics() {
        if (Files.isDirectory(data.kafka())) {
            try (EmbeddedKafka kafka = Servers.kafkaIn(data, AT_ONCE);
                    Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
                Set<String> there = admin.listTopics().names().get().stream()
                        .filter(Leftovers::hasFaces)
                        .collect(Collectors.toSet());
                admin.deleteTopics(there).all().get();
                awaitGone(there);
                forget(admin, there);
            } catch (ExecutionException e) {
                throw Refusal.failed("Kafka does not delete its topics: " + e.getMessage(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Refusal.failed("interrupted", e);
            } catch (IOException e) {
                throw Refusal.failed("cannot read " + data.kafka() + " (" + DataDirectory.reason(e) + ")", e);
            }
        }
        data.clearStreams();
    }

    private static boolean hasFaces(String topic) {
        return Topics.withFaces().stream().anyMatch(ours -> ours.name().equals(topic))
                || topic.startsWith(TrackerStreams.APPLICATION + "-");
    }

    /** Kafka renames a partition's directory before it deletes it. */
    private void awaitGone(Set<String> topics) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (files(data.kafka().resolve("log")).stream()
                .map(directory -> directory.getFileName().toString())
                .anyMatch(name -> topics.stream().anyMatch(topic -> isOf(name, topic)))) {
            if (System.nanoTime() > deadline) {
                throw Refusal.failed(
                        "Kafka has not deleted its files yet: 'paseo people purge' does it another time", null);
            }
            TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
        }
    }

    /**
     * What was consumed of a topic that is no more means nothing on the one that gets its name. Kafka drops it with the
     * topic, as a rule: on a busy machine some was still there a minute later, perhaps because a broker that was just
     * started had yet to read it when the topic went.
     */
    private static void forget(Admin admin, Set<String> topics) throws ExecutionException, InterruptedException {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        for (String group : List.of(Topics.INFERENCE_GROUP, Topics.TRACKER_GROUP)) {
            for (Set<TopicPartition> left = consumed(admin, group, topics);
                    !left.isEmpty();
                    left = consumed(admin, group, topics)) {
                if (System.nanoTime() > deadline) {
                    throw Refusal.failed(
                            "Kafka has not forgotten what was consumed yet: 'paseo people purge' does it another time",
                            null);
                }
                try {
                    admin.deleteConsumerGroupOffsets(group, left).all().get();
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof GroupSubscribedToTopicException)) {
                        throw e;
                    }
                    // Somebody who was killed counts as a member for some seconds more.
                    TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
                }
            }
        }
    }

    private static Set<TopicPartition> consumed(Admin admin, String group, Set<String> topics)
            throws ExecutionException, InterruptedException {
        return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().keySet().stream()
                .filter(partition -> topics.contains(partition.topic()))
                .collect(Collectors.toSet());
    }

    private static boolean isOf(String directory, String topic) {
        return directory.startsWith(topic)
                && directory.substring(topic.length()).matches("[-.][0-9].*");
    }

    private static List<Path> files(Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
                entries.forEach(files::add);
            }
        }
        return files;
    }
}
