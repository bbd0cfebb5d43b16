// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo;

import static io.tacho.agent.source.centrifugo.ScrapedNode.SETTINGS;
import static io.tacho.agent.source.centrifugo.ScrapedNode.after;
import static io.tacho.agent.source.centrifugo.ScrapedNode.form;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.agent.record.RecordedInterval;
import io.tacho.agent.source.NodeSource;
import io.tacho.agent.source.NodeState;
import io.tacho.agent.source.scrape.ScrapedSources;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.Field;
import io.tacho.model.Quality;
import io.tacho.sketch.DurationHistogram;
import io.tacho.testing.ManualTicker;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests every field and its quality with two captured responses, one minute apart. */
class CentrifugoPairsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Map<String, Quality> ALWAYS = Map.of(
            "num_msg_published", Quality.CLOSE,
            "num_msg_queued", Quality.BOUND,
            "num_msg_sent", Quality.CLOSE,
            "num_api_requests", Quality.CLOSE,
            "num_client_requests", Quality.CLOSE,
            "time_api_max", Quality.BOUND,
            "time_client_max", Quality.BOUND,
            "time_api", Quality.CLOSE,
            "num_cpu", Quality.UNAVAILABLE);

    static String resource(String name) {
        return new String(bytes(name), UTF_8);
    }

    private static byte[] bytes(String name) {
        try (InputStream stream = CentrifugoPairsTest.class.getResourceAsStream(name)) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"v4", "v6"})
    void pair_hasExpectedFields(String version) throws IOException {
        NodeState state = after(
                resource("sample_metrics_" + version + ".txt"), resource("sample_metrics_" + version + "_t60.txt"));

        JsonNode published = JSON.readTree(new SnapshotCodec().encodeNode(state.snapshot()));
        JsonNode expected = JSON.readTree(resource("expected_snapshot_" + version + ".json"))
                .get("fields");
        assertThat(published.path("name").textValue()).isEqualTo("rt-1.example_8000");
        expected.properties()
                .forEach(field -> assertThat(published.get(field.getKey()).longValue())
                        .as(field.getKey())
                        .isEqualTo(field.getValue().asLong(0)));
        expected.properties().stream()
                .filter(field -> field.getValue().isNull())
                .forEach(field ->
                        assertThat(state.quality().byWireName()).containsEntry(field.getKey(), Quality.UNAVAILABLE));
    }

    @Test
    void pair_v6_hasExpectedQuality() {
        NodeState state = after(resource("sample_metrics_v6.txt"), resource("sample_metrics_v6_t60.txt"));

        assertThat(state.quality().byWireName())
                .containsAllEntriesOf(ALWAYS)
                .containsEntry("bytes_client_in", Quality.CLOSE)
                .containsEntry("bytes_client_out", Quality.CLOSE)
                .containsEntry("time_client", Quality.CLOSE)
                .hasSize(ALWAYS.size() + 3);
        assertThat(state.version()).isEqualTo("6.9.1 OSS");
    }

    @Test
    void pair_v4_hasExpectedQuality() {
        NodeState state = after(resource("sample_metrics_v4.txt"), resource("sample_metrics_v4_t60.txt"));

        assertThat(state.quality().byWireName())
                .containsAllEntriesOf(ALWAYS)
                .containsEntry("bytes_client_in", Quality.UNAVAILABLE)
                .containsEntry("bytes_client_out", Quality.UNAVAILABLE)
                .containsEntry("gomaxprocs", Quality.UNAVAILABLE)
                .hasSize(ALWAYS.size() + 3);
        assertThat(state.version()).isEqualTo("4.1.5");
    }

    @Test
    void pair_v6_totals() {
        NodeState state = after(resource("sample_metrics_v6.txt"), resource("sample_metrics_v6_t60.txt"));

        assertThat(state.totals().numMsgPublished()).isEqualTo(1_846_403);
        assertThat(state.totals().numApiRequests()).isEqualTo(1_629_482);
        assertThat(state.totals().timeApiSum()).isEqualTo(508_699_900_000L);
        assertThat(state.totals().numMsgQueued()).isEqualTo(state.totals().numMsgSent());
    }

    @Test
    void pair_v6_withNativeHistograms() {
        NodeState state = after(
                nativeHistograms(resource("sample_metrics_v6.txt")),
                nativeHistograms(resource("sample_metrics_v6_t60.txt")));

        assertThat(state.snapshot().number(Field.NUM_API_REQUESTS)).isEqualTo(3_627);
        assertThat(state.snapshot().number(Field.TIME_API_MEAN)).isEqualTo(343_093);
        assertThat(state.snapshot().number(Field.NUM_CLIENT_REQUESTS)).isEqualTo(2_232);
        assertThat(state.snapshot().number(Field.TIME_CLIENT_MEAN)).isEqualTo(1_077_151);
        assertThat(state.snapshot().number(Field.TIME_API_MAX)).isZero();
        assertThat(state.quality().byWireName())
                .containsEntry("time_api_max", Quality.UNAVAILABLE)
                .containsEntry("time_client_max", Quality.UNAVAILABLE);
    }

    /** Between these two responses of 6.9.1, three clients sent 143 commands and the API received 19 requests. */
    @Test
    void pair_v6_nativeHistogramsInProtobuf() {
        ManualTicker ticker = new ManualTicker();
        AtomicReference<byte[]> page = new AtomicReference<>(bytes("native_v6_1.pb"));
        NodeSource source = ScrapedSources.ofProtobuf(SETTINGS, CentrifugoSource.FORM, form(), page::get, ticker);
        source.refresh();
        ticker.advance(Duration.ofSeconds(60));
        page.set(bytes("native_v6_2.pb"));
        source.refresh();
        assertThat(source.endWindow()).isTrue();

        NodeState state = source.read(RecordedInterval.EMPTY);

        assertThat(state.version()).isEqualTo("6.9.1 OSS");
        assertThat(state.snapshot().number(Field.NUM_MSG_PUBLISHED)).isEqualTo(127);
        assertThat(state.snapshot().number(Field.NUM_CLIENT_REQUESTS)).isEqualTo(143);
        assertThat(state.snapshot().number(Field.NUM_API_REQUESTS)).isEqualTo(19);
        DurationHistogram times = state.counted().client().histogram().decode();
        assertThat(times.count()).isEqualTo(143);
        assertThat(times.sum() / 143).isCloseTo(state.snapshot().number(Field.TIME_CLIENT_MEAN), within(1L));
        assertThat(times.max()).isEqualTo(state.snapshot().number(Field.TIME_CLIENT_MAX));
        assertThat(times.quantile(0.5)).isBetween(300_000L, 2_000_000L);
        assertThat(state.quality().byWireName())
                .containsEntry("time_api", Quality.CLOSE)
                .containsEntry("time_client", Quality.CLOSE)
                .doesNotContainKey("num_api_requests");
    }

    /** Converts the text to that of a server with native histograms: no summaries, and only the +Inf bucket. */
    private static String nativeHistograms(String text) {
        return text.lines()
                .filter(line -> !line.matches("centrifugo_(api|client)_command_duration_seconds(_sum|_count)?\\{.*"))
                .filter(line -> !line.matches(".*_histogram_bucket\\{.*") || line.contains("le=\"+Inf\""))
                .reduce("", (all, line) -> all + line + "\n");
    }
}
