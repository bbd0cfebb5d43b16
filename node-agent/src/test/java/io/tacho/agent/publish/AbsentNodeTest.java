// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.agent.process.OtherProcess;
import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.source.NodeSource;
import io.tacho.agent.source.prometheus.PrometheusSource;
import io.tacho.agent.source.scrape.Labels;
import io.tacho.agent.source.scrape.MetricsReader;
import io.tacho.agent.source.scrape.Scrape;
import io.tacho.agent.source.scrape.ScrapeForm;
import io.tacho.agent.source.scrape.ScrapeSettings;
import io.tacho.model.Field;
import io.tacho.model.MetricsWindow;
import io.tacho.model.Quality;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.testing.ManualTicker;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The windows of a scraped node that is lost and returns, or is replaced by another. */
class AbsentNodeTest {

    private static final ScrapeSettings SETTINGS = new ScrapeSettings(
            URI.create("http://127.0.0.1:9/metrics"),
            null,
            null,
            null,
            null,
            Duration.ofSeconds(1),
            Duration.ofSeconds(15));

    private static final Labels UNLABELED = Labels.of(Map.of());

    @TempDir
    private Path directory;

    private final ManualTicker ticker = new ManualTicker();
    private final long start = ticker.millis();
    private @Nullable CompletableFuture<Scrape> response;
    private SnapshotAssembler assembler;
    private ScrapeForm form;

    @BeforeEach
    void createAssembler() throws IOException {
        Path mapping = directory.resolve("mapping");
        Files.writeString(mapping, "num_msg_sent = sent_total\nnum_clients = clients\n");
        NodeSource source =
                PrometheusSource.of(SETTINGS, mapping.toString(), "chat", OtherProcess.none(), this::reader, ticker);
        PublishSettings settings =
                PublishSettings.of("chat", Duration.ofSeconds(60), Duration.ofSeconds(5), Duration.ofSeconds(15), null);
        assembler = new SnapshotAssembler(settings, new IntervalRecorder(), source, ticker, ticker);
    }

    private MetricsReader reader(ScrapeForm mapped) {
        form = mapped;
        return () -> response;
    }

    /** The node responds. */
    private void respond(int startedAt, int sent) {
        Scrape.Builder metrics = Scrape.builder(form);
        metrics.add("process_start_time_seconds", UNLABELED, startedAt);
        metrics.add("sent_total", UNLABELED, sent);
        metrics.add("clients", UNLABELED, 3);
        response = CompletableFuture.completedFuture(metrics.build());
        assembler.refresh();
    }

    /** The next beat, after a response. */
    private @Nullable SnapshotEnvelope beat(int startedAt, int sent) {
        respond(startedAt, sent);
        return assembler.nextBeat();
    }

    private @Nullable SnapshotEnvelope beatWithoutResponse() {
        response = CompletableFuture.failedFuture(new IOException("no response"));
        assembler.refresh();
        return assembler.nextBeat();
    }

    private void advance(int seconds) {
        ticker.advance(Duration.ofSeconds(seconds));
    }

    private MetricsWindow window(int fromSeconds, int toSeconds) {
        return new MetricsWindow(start + fromSeconds * 1_000L, start + toSeconds * 1_000L);
    }

    @Test
    void lostNode_returnsInSameWindow_windowIsWhole() {
        beat(100, 500);
        advance(10);
        beat(100, 520);
        beatWithoutResponse();
        advance(16);
        assertThat(beatWithoutResponse()).isNull();
        advance(14);
        SnapshotEnvelope back = beat(100, 900);
        assertThat(back.window()).isNull();
        assertThat(back.status().quality().of(Field.NUM_MSG_SENT)).isEqualTo(Quality.UNAVAILABLE);
        advance(20);

        ClosedWindow closed = assembler.closeWindow();

        assertThat(closed.window().window()).isEqualTo(window(0, 60));
        assertThat(closed.window().sums().numMsgSent()).isEqualTo(400);
    }

    @Test
    void lostNode_returnsAfterWindowEnd_windowEndsThen() {
        beat(100, 500);
        advance(50);
        beat(100, 520);
        advance(10);
        beatWithoutResponse();
        assertThat(assembler.closeWindow()).isNull();
        advance(10);
        assertThat(beatWithoutResponse()).isNull();
        advance(50);
        assertThat(assembler.closeWindow()).isNull();
        advance(5);
        respond(100, 900);

        assertThat(assembler.isWindowLate()).isTrue();
        ClosedWindow late = assembler.closeWindow();
        assertThat(late.window().window()).isEqualTo(window(0, 125));
        assertThat(late.window().sums().numMsgSent()).isEqualTo(400);
        SnapshotEnvelope back = assembler.nextBeat();
        assertThat(back.window()).isEqualTo(window(0, 125));
        assertThat(back.snapshot().number(Field.NUM_MSG_SENT)).isEqualTo(400);
        advance(55);
        beat(100, 913);
        ClosedWindow next = assembler.closeWindow();
        assertThat(next.window().window()).isEqualTo(window(125, 180));
        assertThat(next.window().sums().numMsgSent()).isEqualTo(13);
    }

    @Test
    void replacedNode_windowEndsWithItsLastScrape() {
        String uid = beat(100, 500).uid();
        advance(30);
        beat(100, 540);
        advance(5);
        respond(200, 7);

        assertThat(assembler.isWindowLate()).isTrue();
        ClosedWindow closed = assembler.closeWindow();
        assertThat(closed.uid()).isEqualTo(uid);
        assertThat(closed.window().window()).isEqualTo(window(0, 30));
        assertThat(closed.window().sums().numMsgSent()).isEqualTo(40);
        assertThat(closed.window().gauges().number(Field.NUM_CLIENTS)).isEqualTo(3);
        assertThat(closed.totals()).isNull();
        assertThat(assembler.isWindowLate()).isFalse();

        SnapshotEnvelope another = assembler.nextBeat();
        assertThat(another.uid()).isNotEqualTo(uid);
        assertThat(another.window()).isNull();
        assertThat(another.status().quality().of(Field.NUM_MSG_SENT)).isEqualTo(Quality.UNAVAILABLE);
        advance(25);
        beat(200, 10);
        ClosedWindow next = assembler.closeWindow();
        assertThat(next.uid()).isEqualTo(another.uid());
        assertThat(next.window().window()).isEqualTo(window(35, 60));
        assertThat(next.window().sums().numMsgSent()).isEqualTo(3);
    }

    @Test
    void lostNode_isReplaced_windowEndsWithItsLastBeat() {
        String uid = beat(100, 500).uid();
        advance(20);
        beat(100, 540);
        beatWithoutResponse();
        advance(50);
        assertThat(beatWithoutResponse()).isNull();
        respond(200, 7);

        ClosedWindow closed = assembler.closeWindow();

        assertThat(closed.uid()).isEqualTo(uid);
        assertThat(closed.window().window()).isEqualTo(window(0, 20));
        assertThat(closed.window().sums().numMsgSent()).isEqualTo(40);
        assertThat(assembler.nextBeat().uid()).isNotEqualTo(uid);
    }

    @Test
    void replacedNode_ofWhichNothingIsNew_hasNoWindow() {
        beat(100, 500);
        respond(200, 7);

        assertThat(assembler.isWindowLate()).isFalse();
    }
}
