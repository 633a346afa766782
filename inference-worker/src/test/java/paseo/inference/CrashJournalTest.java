package paseo.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fault")
class CrashJournalTest {
    private static final TopicPartition PARTITION = new TopicPartition("frames", 3);
    private static final int IN_HAND = 4;

    @Test
    @DisplayName("row 10: nothing is suspected after a worker that left in order, or where none was")
    void nothingIsSuspectedAfterAnOrderlyEnd() {
        CrashJournal first = worker(null);
        assertThat(first.suspects(PARTITION, 0)).isFalse();
        first.done(Map.of(PARTITION, new OffsetAndMetadata(7)));
        OffsetAndMetadata left =
                Objects.requireNonNull(first.leaving(List.of(PARTITION)).get(PARTITION));
        assertThat(left.offset()).isEqualTo(7);
        assertThat(worker(left).suspects(PARTITION, 7)).isFalse();
    }

    @Test
    @DisplayName("row 10: who begins says so once, and whoever finds only that suspects what was in hand")
    void theBeginningIsToldOnce() {
        CrashJournal first = worker(null);
        OffsetAndMetadata begun = first.beginning(PARTITION, 0).orElseThrow();
        assertThat(first.beginning(PARTITION, 1)).isEmpty();
        CrashJournal second = worker(begun);
        assertThat(second.suspects(PARTITION, 0)).isTrue();
        assertThat(second.beginning(PARTITION, 0)).isEmpty();
    }

    @Test
    @DisplayName("row 10: nothing is suspected after a worker that began and left in order before a record was done")
    void whoLeavesBeforeTheFirstRecordIsDoneLeavesInOrder() {
        CrashJournal first = worker(null);
        assertThat(first.beginning(PARTITION, 5)).isPresent();
        OffsetAndMetadata left =
                Objects.requireNonNull(first.leaving(List.of(PARTITION)).get(PARTITION));
        assertThat(left.offset()).isEqualTo(5);
        assertThat(worker(left).suspects(PARTITION, 5)).isFalse();
    }

    @Test
    @DisplayName("row 10: after a death what was in hand is looked at one by one")
    void whatWasInHandIsSuspected() {
        CrashJournal second = worker(new OffsetAndMetadata(7));
        assertThat(second.suspects(PARTITION, 7)).isTrue();
        assertThat(second.suspects(PARTITION, 10)).isTrue();
        assertThat(second.suspects(PARTITION, 11)).isFalse();
        assertThat(second.condemns(PARTITION, 7)).isFalse();
        second.done(Map.of(PARTITION, new OffsetAndMetadata(11)));
        assertThat(second.suspects(PARTITION, 10)).isFalse();
    }

    @Test
    @DisplayName("row 10: the record with which two workers died alone is set aside by the next, and no other")
    void twoDeathsCondemnARecord() {
        CrashJournal second = worker(new OffsetAndMetadata(7));
        // The seventh is fine, the eighth kills.
        second.done(Map.of(PARTITION, new OffsetAndMetadata(8)));
        CrashJournal third = worker(second.announcement(PARTITION, 8));
        assertThat(third.condemns(PARTITION, 8)).isFalse();
        CrashJournal fourth = worker(third.announcement(PARTITION, 8));
        assertThat(fourth.condemns(PARTITION, 8)).isTrue();
        assertThat(fourth.condemns(PARTITION, 9)).isFalse();
        assertThat(fourth.suspects(PARTITION, 9)).isTrue();
    }

    @Test
    @DisplayName("row 10: deaths with different records in hand condemn none")
    void deathsHereAndThereCondemnNone() {
        CrashJournal second = worker(new OffsetAndMetadata(7));
        CrashJournal third = worker(second.announcement(PARTITION, 7));
        third.done(Map.of(PARTITION, new OffsetAndMetadata(8)));
        CrashJournal fourth = worker(third.announcement(PARTITION, 8));
        CrashJournal fifth = worker(fourth.announcement(PARTITION, 8));
        assertThat(fourth.condemns(PARTITION, 8)).isFalse();
        assertThat(fifth.condemns(PARTITION, 8)).isTrue();
        assertThat(fifth.condemns(PARTITION, 7)).isFalse();
    }

    @Test
    @DisplayName("row 10: who hands over what is still suspected does not call it innocent")
    void aHandoverKeepsTheSuspicion() {
        CrashJournal second = worker(new OffsetAndMetadata(7));
        second.done(Map.of(PARTITION, new OffsetAndMetadata(8)));
        OffsetAndMetadata handed =
                Objects.requireNonNull(second.leaving(List.of(PARTITION)).get(PARTITION));
        assertThat(worker(handed).suspects(PARTITION, 8)).isTrue();
        assertThat(worker(handed).condemns(PARTITION, 8)).isFalse();
        assertThat(worker(new OffsetAndMetadata(7)).leaving(List.of(PARTITION))).isEmpty();
    }

    private static CrashJournal worker(@Nullable OffsetAndMetadata committed) {
        CrashJournal journal = new CrashJournal(IN_HAND);
        journal.taken(PARTITION, committed);
        return journal;
    }
}
