package paseo.inference;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import paseo.events.DeadLetter;
import paseo.operations.Health;

/** Keeps the {@link CrashJournal} with Kafka's offsets, and sets aside what it condemns. On the consumer's thread. */
final class CrashWatch {
    private static final Logger log = LoggerFactory.getLogger(CrashWatch.class);
    private static final Duration COMMIT = Duration.ofSeconds(5);

    private final Consumer<String, byte[]> consumer;
    private final CrashJournal journal;
    private final UnusableFrames unusable;
    private final UnitSessions units;
    private final Health.Loop loop;

    /** @param inHand records that a worker has in hand at most */
    CrashWatch(
            Consumer<String, byte[]> consumer,
            int inHand,
            UnusableFrames unusable,
            UnitSessions units,
            Health.Loop loop) {
        this.consumer = consumer;
        this.journal = new CrashJournal(inHand);
        this.unusable = unusable;
        this.units = units;
        this.loop = loop;
    }

    /**
     * Partitions are taken over, with what their last reader has left in the journal.
     *
     * @throws KafkaException if that cannot be read: without the note where to begin, frames would be lost
     */
    void taken(Collection<TopicPartition> partitions) {
        Map<TopicPartition, @Nullable OffsetAndMetadata> committed = consumer.committed(new HashSet<>(partitions));
        Map<TopicPartition, Long> rewound = new HashMap<>();
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata offset = committed.get(partition);
            if (offset == null) {
                journal.taken(partition, null);
            } else {
                journal.taken(partition, new OffsetAndMetadata(offset.offset(), RewindNote.without(offset.metadata())));
                RewindNote.from(offset.metadata()).ifPresent(from -> {
                    consumer.seek(partition, from);
                    rewound.put(partition, from);
                });
            }
        }
        warnOfDeleted(rewound);
    }

    /** An erasure may have deleted the key picture: why what follows it is not decoded is not to be a riddle. */
    private void warnOfDeleted(Map<TopicPartition, Long> rewound) {
        if (rewound.isEmpty()) {
            return;
        }
        try {
            consumer.beginningOffsets(rewound.keySet(), COMMIT).forEach((partition, first) -> {
                long from = rewound.getOrDefault(partition, first);
                if (first > from) {
                    log.warn(
                            "the key picture at {} of {} is deleted, and what is left begins at {}: pictures up to the"
                                    + " next key picture cannot be decoded",
                            from,
                            partition,
                            first);
                }
            });
        } catch (KafkaException e) {
            log.debug("where {} begin cannot be told", rewound.keySet(), e);
        }
    }

    /** A batch is going to be looked at. */
    void begin(FrameBatch batch) {
        Map<TopicPartition, OffsetAndMetadata> beginnings = new HashMap<>();
        for (FrameBatch.Entry entry : batch.entries()) {
            journal.beginning(entry.partition(), entry.record().offset())
                    .ifPresent(beginning -> beginnings.put(entry.partition(), beginning));
        }
        note(beginnings);
    }

    /** Whether there is a record in a batch that may have killed a worker: then each is looked at alone. */
    boolean suspects(FrameBatch batch) {
        return batch.entries().stream().anyMatch(this::suspected);
    }

    private boolean suspected(FrameBatch.Entry entry) {
        return journal.suspects(entry.partition(), entry.record().offset());
    }

    /** The same records; one that may have killed a worker is announced, one that did too often is not looked at. */
    FrameBatch announced(FrameBatch part) {
        FrameBatch.Entry first = part.entries().get(0);
        long offset = first.record().offset();
        if (journal.condemns(first.partition(), offset)) {
            unusable.setAside(
                    first.record(), DeadLetter.Reason.KILLED_PROCESS, "two workers died while they looked at it");
            return part.condemned();
        }
        if (suspected(first)) {
            note(Map.of(first.partition(), journal.announcement(first.partition(), offset)));
        }
        return part;
    }

    /** Records are stored, up to these offsets. */
    void done(Map<TopicPartition, OffsetAndMetadata> ends) {
        journal.done(ends);
    }

    /** Partitions were given up in order. */
    void left(Collection<TopicPartition> partitions) {
        note(journal.leaving(partitions));
    }

    /**
     * Everything is given up in order, all offsets included.
     *
     * @throws KafkaException if Kafka does not take them
     */
    void end() {
        loop.waits();
        consumer.commitSync(units.noted(journal.leaving(consumer.assignment())), COMMIT);
    }

    /** The journal is worth a moment and no failure: without an entry a death is not put down to a record. */
    private void note(Map<TopicPartition, OffsetAndMetadata> entry) {
        if (entry.isEmpty()) {
            return;
        }
        loop.waits();
        try {
            consumer.commitSync(units.noted(entry), COMMIT);
        } catch (KafkaException e) {
            log.debug("not in the journal: {}", entry, e);
        }
        loop.works();
    }
}
