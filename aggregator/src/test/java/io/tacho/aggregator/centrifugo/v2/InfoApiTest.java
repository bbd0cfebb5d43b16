// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.centrifugo.v2;

import static io.tacho.testing.Snapshots.detailed;
import static io.tacho.testing.Snapshots.stored;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.Extra;
import io.tacho.model.Extras;
import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.WindowDetail;
import io.tacho.store.StoredSnapshot;
import io.tacho.testing.ManualTicker;
import io.tacho.testing.Snapshots;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InfoApiTest {

    private static final String NOTHING = "{\"nodes\":[]}";

    private final ManualTicker ticker = new ManualTicker();
    private final ClusterView view = new ClusterView(new SnapshotCodec(), ticker, 1_000);
    private final InfoApi api =
            new InfoApi(new InfoResponse(view, () -> Instant.ofEpochSecond(1_795_367_843 + 77), Runnable::run, ticker));

    private static String text(CompletionStage<InfoApi.Response> response) {
        InfoApi.Response received = response.toCompletableFuture().join();
        return received.status() + " " + new String(received.body(), UTF_8);
    }

    private String commands(String body) {
        return text(api.commands(body.getBytes(UTF_8)));
    }

    private String info(String body) {
        return text(api.info(body.getBytes(UTF_8)));
    }

    private String batch(String body) {
        return text(api.batch(body.getBytes(UTF_8)));
    }

    @Test
    void info_emptyCluster() {
        assertThat(info("{}")).isEqualTo("200 {\"result\":" + NOTHING + "}");
    }

    /** A sidecar may not report the start time of its program. */
    @Test
    void info_withoutStartTime_hasNoUptime() {
        NodeSnapshot unknown = Snapshots.snapshot("u1", "n").toBuilder()
                .set(Field.STARTED_AT, 0)
                .build();
        view.onLoaded(new StoredSnapshot(
                SnapshotEnvelope.builder(unknown)
                        .seq(1)
                        .ttlMillis(15_000)
                        .metricsIntervalSeconds(60)
                        .build(),
                15_000));

        assertThat(info("{}")).contains("\"name\":\"n\"").doesNotContain("uptime");
    }

    @Test
    void info_fullNode() {
        view.onLoaded(new StoredSnapshot(detailed("u1", 1), 15_000));

        assertThat(info("{}"))
                .isEqualTo("200 {\"result\":{\"nodes\":[{\"uid\":\"u1\",\"name\":\"name-u1\",\"version\":\"6.2.0\","
                        + "\"num_clients\":4,\"num_users\":5,\"num_channels\":6,\"uptime\":77,"
                        + "\"metrics\":{\"interval\":60,\"items\":{"
                        + "\"centrifugo.api.command_duration_seconds.count\":13,"
                        + "\"centrifugo.api.command_duration_seconds.sum\":2.21E-7,"
                        + "\"centrifugo.client.command_duration_seconds.count\":14,"
                        + "\"centrifugo.client.command_duration_seconds.sum\":2.52E-7,"
                        + "\"centrifugo.node.build.version.6.2.0\":1,"
                        + "\"centrifugo.node.messages_sent_count.type.publication\":10,"
                        + "\"centrifugo.node.num_channels\":6,"
                        + "\"centrifugo.node.num_clients\":4,"
                        + "\"centrifugo.node.num_nodes\":1,"
                        + "\"centrifugo.node.num_users\":5,"
                        // bytes_client_in is marked as unavailable
                        + "\"centrifugo.transport.messages_sent\":12,"
                        + "\"centrifugo.transport.messages_sent_size\":16}},"
                        + "\"process\":{\"cpu\":22,\"rss\":21},\"num_subs\":0}]}}");
    }

    @Test
    void info_nodeWithSubscriptions_hasThem() {
        SnapshotEnvelope beat = detailed("u1", 1);
        Extras extras = new Extras(Map.of("num_subs", Extra.gauge(75)));
        view.onLoaded(new StoredSnapshot(
                SnapshotEnvelope.builder(beat.snapshot())
                        .seq(1)
                        .ttlMillis(15_000)
                        .metricsIntervalSeconds(60)
                        .status(beat.status())
                        .detail(new WindowDetail(null, null, null, null, extras))
                        .build(),
                15_000));

        assertThat(info("{}")).endsWith("\"num_subs\":75}]}}");
    }

    @Test
    void info_nodeBeforeItsFirstWindow_hasNoMetrics() {
        NodeSnapshot fresh = NodeSnapshot.builder("u1", "n")
                .set(Field.STARTED_AT, 1_795_367_843 + 77)
                .build();
        view.onLoaded(new StoredSnapshot(
                SnapshotEnvelope.builder(fresh)
                        .seq(1)
                        .ttlMillis(15_000)
                        .metricsIntervalSeconds(60)
                        .build(),
                15_000));

        assertThat(info("{}"))
                .isEqualTo(
                        "200 {\"result\":{\"nodes\":[{\"uid\":\"u1\",\"name\":\"n\",\"version\":\"\",\"num_clients\":0,"
                                + "\"num_users\":0,\"num_channels\":0,\"process\":{},\"num_subs\":0}]}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "null", " {\"params\":{}}\n", "{\"x\":[1]}"})
    void info_anyJsonObject_isAccepted(String body) {
        assertThat(info(body)).startsWith("200 {\"result\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "[]", "1", "\"\"", "{", "{}{}", "{}x", "x"})
    void info_malformedBody_returnsBadRequest(String body) {
        assertThat(info(body)).isEqualTo("400 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"method\":\"info\",\"params\":{}}",
                "{\"method\":\"info\"}",
                "{\"method\":\"INFO\"}",
                "{\"Method\":\"Info\"}",
                "{\"method\":9}",
                "{\"id\":0,\"method\":\"info\"}"
            })
    void command_info(String body) {
        assertThat(commands(body)).isEqualTo("200 {\"result\":" + NOTHING + "}");
    }

    @Test
    void command_idIsEchoed() {
        assertThat(commands("{\"id\":7,\"method\":\"info\"}")).isEqualTo("200 {\"id\":7,\"result\":" + NOTHING + "}");
    }

    @Test
    void commands_oneLineEach() {
        assertThat(commands(
                        "{\"id\":1,\"method\":\"info\"}{\"method\":\"publish\"}\n{\"method\":99}\n{\"method\":13} {}"))
                .isEqualTo("200 {\"id\":1,\"result\":" + NOTHING + "}\n"
                        + "{\"error\":{\"code\":108,\"message\":\"not available\"}}\n"
                        + "{\"error\":{\"code\":104,\"message\":\"not found\"}}\n"
                        + "{\"error\":{\"code\":104,\"message\":\"not found\"}}\n"
                        + "{\"error\":{\"code\":108,\"message\":\"not available\"}}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "[{\"method\":\"info\"}]",
                "{\"method\":\"nonsense\"}",
                "{\"method\":\"\"}",
                "{\"method\":null}",
                "{\"method\":1.5}",
                "{\"method\":\"info\"}{",
                "{\"method\":\"info\"}x",
                "{\"id\":-1,\"method\":\"info\"}",
                "{\"id\":\"1\",\"method\":\"info\"}",
                "{\"id\":4294967296,\"method\":\"info\"}"
            })
    void commands_malformed(String body) {
        assertThat(commands(body)).isEqualTo("400 ");
    }

    @Test
    void commands_thatMultiplyTheResponse_areRejected() {
        for (int i = 0; i < 100; i++) {
            view.onLoaded(stored("u" + i, 1));
        }

        assertThat(commands("{\"method\":9}".repeat(5_000))).isEqualTo("400 ");
        assertThat(commands("{\"method\":9}".repeat(3))).startsWith("200 ");
    }

    @Test
    void batch_hasOneReplyPerCommand() {
        assertThat(batch("{\"commands\":[{\"info\":{}},{\"publish\":{}},{\"x\":{}},null],\"parallel\":true}"))
                .isEqualTo("200 {\"replies\":[{\"info\":" + NOTHING
                        + "},{\"error\":{\"code\":108,\"message\":\"not available\"}},"
                        + "{\"error\":{\"code\":104,\"message\":\"not found\"}},"
                        + "{\"error\":{\"code\":107,\"message\":\"bad request\"}}]}");
        assertThat(batch("{}")).isEqualTo("200 {}");
        assertThat(batch("{\"commands\":{}}")).isEqualTo("400 ");
        assertThat(batch("{\"commands\":[1]}")).isEqualTo("400 ");
        assertThat(batch("")).isEqualTo("400 ");
    }

    @Test
    void otherMethods_areNotAvailable() {
        assertThat(InfoApi.knows("publish")).isTrue();
        assertThat(InfoApi.knows("Publish")).isFalse();
        assertThat(InfoApi.knows("nonsense")).isFalse();
        assertThat(InfoApi.knows("")).isFalse();
        assertThat(new String(InfoApi.notAvailable(false).body(), UTF_8))
                .isEqualTo("{\"error\":{\"code\":108,\"message\":\"not available\"}}");
        assertThat(InfoApi.notAvailable(true).status()).isEqualTo(400);
    }
}
