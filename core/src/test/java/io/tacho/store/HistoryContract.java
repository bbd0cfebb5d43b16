// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import static io.tacho.testing.Windows.HISTORY;
import static io.tacho.testing.Windows.SLOT;
import static io.tacho.testing.Windows.batch;
import static io.tacho.testing.Windows.histogram;
import static io.tacho.testing.Windows.minute;
import static io.tacho.testing.Windows.window;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tacho.model.ClusterWindow;
import io.tacho.model.ClusterWindow.Spread;
import io.tacho.model.Extra;
import io.tacho.model.Extras;
import io.tacho.model.Field;
import io.tacho.model.NodeTotals;
import io.tacho.model.NodeWindow;
import io.tacho.model.WindowDetail;
import io.tacho.model.WindowGauges;
import io.tacho.model.WindowSlot;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.Encoded;
import io.tacho.sketch.HyperLogLog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The history contract of every transport; each implementation extends this test. */
public abstract class HistoryContract {

    protected abstract SnapshotPublisher publisher();

    protected abstract WindowHistory history();

    /** Advances the clock of the store. */
    protected abstract void elapse(Duration duration);

    @Test
    void upload_nodeWindows_areMergedIntoClusterWindow() throws Exception {
        assertThat(get(publisher().upload(batch("u1", 0, 7, minute(SLOT, 1, 425, 500))))
                        .highWaterMark())
                .isEqualTo(7);
        get(publisher().upload(batch("u2", 0, 8, minute(SLOT, 100, 500, 9_000_000_000L))));
        get(publisher().upload(batch("u2", 8, 9, window(SLOT + 60_000, SLOT + 75_000, 100))));

        List<ClusterWindow> windows =
                get(history().changedSince(HistoryMark.START, 100)).windows();

        Encoded<DurationHistogram> times =
                histogram(425, 500, 500, 9_000_000_000L).encoded();
        assertThat(windows)
                .containsExactly(
                        new ClusterWindow(
                                new WindowSlot(60, SLOT),
                                2,
                                new NodeTotals(101, 202, 303, 404, 505, 606, 707, 808, 909),
                                new WindowGauges(1010, 1111, 1212, 1313, 1414, 1515),
                                1600,
                                1700,
                                1200,
                                1300,
                                new WindowDetail(times, null, null, null),
                                0,
                                0,
                                0,
                                Extras.Merged.NONE,
                                Map.of(
                                        Field.NUM_CLIENTS,
                                        new Spread(1100, 11 * 11 + 1100 * 1100),
                                        Field.BYTES_CLIENT_OUT,
                                        new Spread(700, 0),
                                        Field.CPU_USAGE,
                                        new Spread(1500, 15 * 15 + 1500 * 1500))),
                        new ClusterWindow(
                                new WindowSlot(60, SLOT + 60_000),
                                1,
                                new NodeTotals(100, 200, 300, 400, 500, 600, 700, 800, 900),
                                new WindowGauges(250, 275, 300, 325, 350, 375),
                                1600,
                                1700,
                                1200,
                                1300,
                                WindowDetail.NONE,
                                0,
                                0,
                                0,
                                Extras.Merged.NONE,
                                Map.of()));
    }

    @Test
    void upload_repeatedOrWithOtherHighWaterMark_changesNothing() throws Exception {
        WindowUpload first = batch("u1", 0, 7, minute(SLOT, 1, 425));
        get(publisher().upload(first));
        WindowChanges once = get(history().changedSince(HistoryMark.START, 100));

        assertThat(get(publisher().upload(first)).highWaterMark())
                .as("repeated upload")
                .isEqualTo(7);
        assertThat(get(publisher().upload(batch("u1", 6, 8, minute(SLOT, 1)))).highWaterMark())
                .isEqualTo(7);
        assertThat(get(publisher().upload(batch("u2", 7, 8, minute(SLOT, 1)))).highWaterMark())
                .isZero();

        assertThat(get(history().changedSince(HistoryMark.START, 100)).windows())
                .isEqualTo(once.windows());
    }

    @Test
    void upload_extras_areMergedByTheirRules() throws Exception {
        Extras first = new Extras(Map.of(
                "num_subs", Extra.gauge(75),
                "queue", Extra.gauge(Extra.MAX, 9),
                "disconnects{code=\"3008\"}", Extra.counter(2, 14),
                "ping", Extra.timer(histogram(425, 500)),
                "later", new Extra("gauge", "average", 7, null, null)));
        Extras second = new Extras(Map.of(
                "num_subs", Extra.gauge(20),
                "queue", Extra.gauge(Extra.MAX, 4),
                "disconnects{code=\"3008\"}", Extra.counter(5, 5),
                "ping", Extra.timer(histogram(9_000_000_000L)),
                "z{name=\"\u00fc\"}", Extra.gauge(1)));
        WindowUpload upload = batch("u1", 0, 7, minute(SLOT, 1).withExtras(first));
        get(publisher().upload(upload));
        get(publisher().upload(batch("u2", 0, 8, minute(SLOT, 1).withExtras(second))));

        assertThat(get(publisher().upload(upload)).highWaterMark())
                .as("after a repeated upload")
                .isEqualTo(7);

        assertThat(extras(SLOT).leftOut()).isZero();
        assertThat(extras(SLOT).byName())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "num_subs",
                        Extra.gauge(95),
                        "queue",
                        Extra.gauge(Extra.MAX, 9),
                        "disconnects{code=\"3008\"}",
                        new Extra(Extra.COUNTER, Extra.SUM, 7, null, null),
                        "ping",
                        Extra.timer(histogram(425, 500, 9_000_000_000L)),
                        "z{name=\"\u00fc\"}",
                        Extra.gauge(1)));
    }

    @Test
    void upload_lastExtra_isThatOfLatestUpload() throws Exception {
        get(publisher().upload(batch("u1", 0, 7, minute(SLOT, 1).withExtras(config(3)))));
        get(publisher().upload(batch("u1", 7, 8, minute(SLOT, 1).withExtras(config(2)))));

        assertThat(extras(SLOT).byName()).isEqualTo(Map.of("config", Extra.gauge(Extra.LAST, 2)));
    }

    private static Extras config(long value) {
        return new Extras(Map.of("config", Extra.gauge(Extra.LAST, value)));
    }

    private Extras.Merged extras(long slotMillis) throws Exception {
        return get(history().changedSince(HistoryMark.START, 100)).windows().stream()
                .filter(window -> window.startMillis() == slotMillis)
                .findFirst()
                .orElseThrow()
                .extras();
    }

    @Test
    void upload_extrasOfSomeNodes_gaugesAreWeightedByTime() throws Exception {
        get(publisher().upload(batch("old", 0, 1, minute(SLOT, 1))));
        Extras extras = new Extras(Map.of("num_subs", Extra.gauge(75), "jobs", Extra.counter(8, 8)));
        get(publisher().upload(batch("new", 0, 1, minute(SLOT, 1).withExtras(extras))));
        get(publisher().upload(batch("old", 1, 2, minute(SLOT + 60_000, 1))));
        get(publisher()
                .upload(batch(
                        "gone", 0, 2, window(SLOT + 60_000, SLOT + 75_000, 1).withExtras(extras))));

        assertThat(extras(SLOT).byName())
                .containsEntry("num_subs", Extra.gauge(75))
                .hasSize(2);
        assertThat(extras(SLOT + 60_000).byName())
                .as("window of a quarter of the interval: gauges are weighted by 1/4, counters are not")
                .containsEntry("num_subs", Extra.gauge(19))
                .containsEntry("jobs", new Extra(Extra.COUNTER, Extra.SUM, 8, null, null));
    }

    @Test
    void upload_severalWindowsInOneBatch() throws Exception {
        List<WindowUpload.Numbered> windows = IntStream.range(0, 8)
                .mapToObj(i -> new WindowUpload.Numbered(1 + i, minute(SLOT + 60_000L * (i / 2), 1, 1_000L << i)))
                .toList();

        assertThat(get(publisher().upload(new WindowUpload("u1", HISTORY, 0, windows)))
                        .highWaterMark())
                .isEqualTo(8);

        assertThat(get(history().changedSince(HistoryMark.START, 100)).windows())
                .extracting(ClusterWindow::startMillis, ClusterWindow::nodeWindows)
                .containsExactly(
                        tuple(SLOT, 2L),
                        tuple(SLOT + 60_000, 2L),
                        tuple(SLOT + 120_000, 2L),
                        tuple(SLOT + 180_000, 2L));
    }

    @Test
    void history_returnsLaterChanges() throws Exception {
        assertThat(get(history().changedSince(HistoryMark.START, 100)).windows())
                .isEmpty();
        get(publisher().upload(batch("u1", 0, 1, minute(SLOT, 1))));
        get(publisher().upload(batch("u1", 1, 2, minute(SLOT + 60_000, 1))));
        WindowChanges first = get(history().changedSince(HistoryMark.START, 100));
        assertThat(first.windows()).hasSize(2);
        assertThat(get(history().changedSince(HistoryMark.START, 100, 1)).windows())
                .as("memory limit: at least one window is returned")
                .isEqualTo(get(history().changedSince(HistoryMark.START, 1)).windows());
        assertThat(get(history().changedSince(HistoryMark.START, 1)).windows())
                .as("latest window")
                .extracting(ClusterWindow::startMillis)
                .containsExactly(SLOT + 60_000);
        elapse(Duration.ofMillis(1_200));

        WindowChanges later = get(history().changedSince(first.next(), 100));
        get(publisher().upload(batch("u2", 0, 1, minute(SLOT, 1))));

        assertThat(get(history().changedSince(later.next(), 100)).windows())
                .extracting(ClusterWindow::startMillis, ClusterWindow::nodeWindows)
                .containsExactly(tuple(SLOT, 2L));
    }

    @Test
    void history_distinctIdsOfAllNodes_areCountedOnce() throws Exception {
        WindowUpload first = batch("u1", 0, 1, withIds(minute(SLOT, 1), ids("a", "b"), null));
        get(publisher().upload(first));
        get(publisher().upload(batch("u2", 0, 1, withIds(minute(SLOT, 1), ids("b", "c"), ids("x")))));
        get(publisher().upload(first));
        get(publisher().upload(batch("u3", 0, 1, minute(SLOT, 1))));

        ClusterWindow window =
                get(history().changedSince(HistoryMark.START, 100)).windows().get(0);

        assertThat(window.detail().users()).isEqualTo(ids("a", "b", "c"));
        assertThat(window.detail().channels()).isEqualTo(ids("x"));
        assertThat(List.of(window.usersNodes(), window.channelsNodes(), window.nodeWindows()))
                .as("nodes with users, nodes with channels, nodes")
                .containsExactly(2L, 1L, 3L);
    }

    @Test
    void history_distinctIdsUploadedHoursLater_areCounted() throws Exception {
        get(publisher().upload(batch("u1", 0, 1, withIds(minute(SLOT, 1), ids("a"), null))));
        WindowChanges before = get(history().changedSince(HistoryMark.START, 100));
        elapse(Duration.ofMillis(1_200));

        long later = SLOT + Duration.ofHours(3).toMillis();
        get(publisher()
                .upload(new WindowUpload(
                        "u2",
                        HISTORY,
                        0,
                        List.of(
                                new WindowUpload.Numbered(1, withIds(minute(SLOT, 1), ids("b"), null)),
                                new WindowUpload.Numbered(2, withIds(minute(later, 1), ids("c"), null))))));

        assertThat(get(history().changedSince(before.next(), 100)).windows())
                .extracting(window -> window.detail().users(), ClusterWindow::usersNodes)
                .containsExactly(tuple(ids("a", "b"), 2L), tuple(ids("c"), 1L));
    }

    @Test
    void history_invalidDistinctIds_areLeftOut() throws Exception {
        Encoded<HyperLogLog> damaged = Encoded.hyperLogLog(new byte[] {'H', 'Y', 'L', 'L', 7});
        get(publisher().upload(batch("u1", 0, 1, withIds(minute(SLOT, 1), damaged, ids("x")))));
        get(publisher().upload(batch("u2", 0, 1, withIds(minute(SLOT, 1), ids("a"), damaged))));

        ClusterWindow window =
                get(history().changedSince(HistoryMark.START, 100)).windows().get(0);

        assertThat(window.detail().users()).isEqualTo(ids("a"));
        assertThat(window.detail().channels()).isEqualTo(ids("x"));
        assertThat(List.of(window.usersNodes(), window.channelsNodes(), window.nodeWindows()))
                .containsExactly(1L, 1L, 2L);
    }

    private static NodeWindow withIds(
            NodeWindow window, @Nullable Encoded<HyperLogLog> users, @Nullable Encoded<HyperLogLog> channels) {
        return window.withDetail(new WindowDetail(null, null, users, channels));
    }

    private static Encoded<HyperLogLog> ids(String... ids) {
        return HyperLogLog.of(List.of(ids)).encoded();
    }

    protected static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, SECONDS);
    }
}
