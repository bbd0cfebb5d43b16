// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.events;

import static io.tacho.testing.Snapshots.beat;
import static io.tacho.testing.Snapshots.leave;
import static io.tacho.testing.Snapshots.stored;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.events.EventBatches.EventBatch;
import io.tacho.aggregator.outlier.Indicator;
import io.tacho.aggregator.outlier.Outlier;
import io.tacho.aggregator.outlier.OutlierReport;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.ViewCursor;
import io.tacho.codec.SnapshotCodec;
import io.tacho.testing.ManualTicker;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tests event batches, which readers with the same position and filter share, and outlier events, which each reader receives once. */
class EventBatchesTest {

    private final ClusterView view = new ClusterView(new SnapshotCodec(), new ManualTicker(), 1_000);
    private final EventBatches batches = new EventBatches(view, "abc");
    private OutlierReport report = OutlierReport.NONE;
    private final OutlierEvents outliers = new OutlierEvents(() -> report);

    private static EventFilter filter(Set<String> types, Set<String> uids) {
        return new EventFilter(types, uids, Set.of());
    }

    private static ReaderState reader(EventFilter filter) {
        return new ReaderState(new FollowingReader(), filter);
    }

    private EventBatch next(ReaderState reader) {
        return batches.nextBatch(reader).orElseThrow();
    }

    private static List<String> lines(byte[] events, String start) {
        return Arrays.stream(new String(events, UTF_8).split("\n"))
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()))
                .toList();
    }

    private void load(int nodes) {
        for (int i = 0; i < nodes; i++) {
            view.onLoaded(stored("u" + i, 1));
        }
    }

    @Test
    void batch_isEncodedOncePerPositionAndFilter_untilItIsRemoved() {
        load(3);
        EventBatch first = next(reader(EventFilter.ALL));

        assertThat(next(reader(filter(Set.of(), Set.of()))))
                .as("an equal filter")
                .isSameAs(first);
        assertThat(next(reader(filter(Set.of("left"), Set.of())))).isNotSameAs(first);
        batches.clear();
        assertThat(next(reader(EventFilter.ALL))).isNotSameAs(first);
        assertThat(lines(first.events(), "id: ")).containsExactly("abc.1", "abc.2", "abc.3");
        assertThat(lines(first.events(), "event: ")).containsOnly("joined");
        assertThat(first.last()).isTrue();
    }

    @Test
    void manyChanges_areSplitIntoBatches() {
        load(250);
        ReaderState reader = reader(EventFilter.ALL);
        for (int size : new int[] {100, 100, 50}) {
            EventBatch batch = next(reader);
            assertThat(lines(batch.events(), "id: ")).hasSize(size);
            assertThat(batch.last()).isEqualTo(size == 50);
            reader.cursor = batch.next();
        }
        assertThat(next(reader).events()).isEmpty();
        assertThat(next(reader).last()).isTrue();
    }

    @Test
    void changesExcludedByTheFilter_areSkipped() {
        load(250);
        view.onBeat(beat("u7", 2));
        view.onLeave(leave("u9", 2));

        EventBatch batch = next(reader(filter(Set.of("left"), Set.of())));
        assertThat(lines(batch.events(), "event: ")).containsExactly("left");
        assertThat(lines(batch.events(), "id: ")).containsExactly("abc.252");
        assertThat(batch.last()).isTrue();

        EventBatch none = next(reader(filter(Set.of("lost"), Set.of())));
        assertThat(none.events()).isEmpty();
        assertThat(none.next().version()).isEqualTo(252);
        EventBatch ofOne = next(reader(filter(Set.of(), Set.of("u7"))));
        assertThat(lines(ofOne.events(), "event: ")).containsExactly("joined");
        assertThat(ofOne.last()).as("the first hundred changes have an event").isFalse();
    }

    @Test
    void changesNoLongerRetained_areEmpty_forEveryReader() {
        for (int i = 1; i <= 6_000; i++) {
            view.onLoaded(stored("u", 2L * i));
            view.onLeave(leave("u", 2L * i));
            view.onLoaded(stored("u" + i % 10, i));
        }

        ReaderState late = reader(EventFilter.ALL);
        assertThat(batches.nextBatch(late)).isEmpty();
        assertThat(batches.nextBatch(reader(EventFilter.ALL))).isEmpty();
        late.reset(ViewCursor.skippingPastMembership(view));
        assertThat(lines(next(late).events(), "event: ")).isNotEmpty().containsOnly("snapshot");
    }

    private static Outlier outlier(String uid) {
        return new Outlier(uid, "n-" + uid, Indicator.MEMORY, 30, 10, 3, 9, Outlier.Method.RATIO, Instant.EPOCH);
    }

    /** Returns the data of the event that the reader receives; empty if it receives none. */
    private String outliersFor(ReaderState reader) {
        EventStreamWriter writer = new EventStreamWriter();
        outliers.append(reader, writer);
        assertThat(lines(writer.bytes(), "event: ")).isIn(List.of(), List.of("outliers"));
        return String.join("", lines(writer.bytes(), "data: "));
    }

    @Test
    void outliers_areSentOncePerReport_theirEndIsSentOnce() {
        ReaderState reader = reader(EventFilter.ALL);
        reader.reset(ViewCursor.START);
        assertThat(outliersFor(reader)).as("no outliers").isEmpty();

        report = OutlierReport.of(List.of(outlier("a")));
        assertThat(outliersFor(reader)).startsWith("{\"nodes\":1,").contains("\"uid\":\"a\"");
        assertThat(outliersFor(reader)).as("the same report").isEmpty();

        report = OutlierReport.of(List.of());
        assertThat(outliersFor(reader)).isEqualTo("{\"nodes\":0,\"deviations\":[]}");
        report = OutlierReport.of(List.of());
        assertThat(outliersFor(reader)).as("still no outliers").isEmpty();
    }

    @Test
    void outliers_resumedReader_emptyReportIsSentOnlyIfThereWereOutliers() {
        report = OutlierReport.of(List.of());
        assertThat(outliersFor(reader(EventFilter.ALL)))
                .as("no outliers so far")
                .isEmpty();

        report =
                new OutlierReport(List.of(), Map.of(), true, List.of(new OutlierReport.Change(1, false, outlier("a"))));
        assertThat(outliersFor(reader(EventFilter.ALL))).isEqualTo("{\"nodes\":0,\"deviations\":[]}");
    }

    @Test
    void outliers_passTheFilterOfTheReader() {
        report = OutlierReport.of(List.of(outlier("a"), outlier("b")));

        assertThat(outliersFor(reader(filter(Set.of("left"), Set.of())))).isEmpty();
        assertThat(outliersFor(reader(filter(Set.of("outliers"), Set.of("b")))))
                .startsWith("{\"nodes\":1,")
                .contains("\"uid\":\"b\"")
                .doesNotContain("\"uid\":\"a\"");
        assertThat(outliersFor(reader(EventFilter.ALL))).startsWith("{\"nodes\":2,");
    }
}
