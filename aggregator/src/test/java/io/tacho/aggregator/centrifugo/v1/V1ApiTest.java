// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.centrifugo.v1;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.api.ApiKeys;
import io.tacho.aggregator.api.ApiSecret;
import io.tacho.aggregator.centrifugo.v1.V1Api.Status;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.SnapshotCodec;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class V1ApiTest {

    private static final String STATS =
            "{\"body\":{\"data\":{\"nodes\":[],\"metrics_interval\":60}},\"error\":null,\"method\":\"stats\"}";

    private final ClusterView view = new ClusterView(new SnapshotCodec(), System::nanoTime, 10);
    private final V1Api api = new V1Api(view);

    private String response(String data) {
        V1Api.Response response = api.respond(data.getBytes(UTF_8), "", ApiKeys.NONE);
        assertThat(response.status()).isEqualTo(Status.OK);
        return response.pieces().stream()
                .map(piece -> new String(piece, UTF_8))
                .collect(Collectors.joining("{\"data\":{\"nodes\":[],\"metrics_interval\":60}}"));
    }

    @Test
    void stats_emptyCluster() {
        assertThat(response("{\"method\":\"stats\"}")).isEqualTo("[" + STATS + "]");
    }

    @Test
    void batch_inOrder() {
        assertThat(
                        response(
                                "[{\"method\":\"stats\"},{\"uid\":\"b\",\"method\":\"presence\",\"params\":{}},{\"method\":\"stats\"}]"))
                .isEqualTo("[" + STATS
                        + ",{\"uid\":\"b\",\"body\":null,\"error\":\"not available\",\"method\":\"presence\"},"
                        + STATS + "]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"METHOD":"stats"}
                    {"method":"stats","uid":null}
                    {"method":"stats","uid":""}
                    {"method":"publish","method":"stats"}
                    {"method":"publish","Method":"stats"}
                    """)
    void command_memberNames_areCaseInsensitiveLikeGo(String data) {
        assertThat(response(data)).isEqualTo("[" + STATS + "]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "null",
                "{\"channels\":null}",
                "{\"Channels\":[\"a\",null]}",
                "{\"channels\":[],\"data\":{}}"
            })
    void broadcast_withValidParams(String params) {
        assertThat(response("{\"method\":\"broadcast\",\"params\":" + params + "}"))
                .isEqualTo("[{\"body\":null,\"error\":\"not available\",\"method\":\"broadcast\"}]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"channels\":\"a\"}", "{\"channels\":[7]}", "{\"CHANNELS\":{}}", "{\"client\":7}", "[]"})
    void broadcast_withInvalidParams_invalidatesTheBatch(String params) {
        String batch = "[{\"method\":\"stats\"},{\"method\":\"broadcast\",\"params\":" + params + "}]";

        assertThat(api.respond(batch.getBytes(UTF_8), "", ApiKeys.NONE).status())
                .isEqualTo(Status.BAD_REQUEST);
    }

    @Test
    void uid_unpairedSurrogate_isReplaced() {
        assertThat(response("{\"uid\":\"\\ud800x\",\"method\":\"stats\"}")).startsWith("[{\"uid\":\"\uFFFDx\",");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\"method\":7}", "[{\"method\":\"stats\"},{\"method\":\"nope\"}]"})
    void malformedCommand_returnsBadRequest(String data) {
        assertThat(api.respond(data.getBytes(UTF_8), "", ApiKeys.NONE).status()).isEqualTo(Status.BAD_REQUEST);
    }

    @Test
    void uid_supplementaryCharacter_isNotEscaped() {
        assertThat(response("{\"uid\":\"\uD83D\uDE00<\",\"method\":\"stats\"}"))
                .startsWith("[{\"uid\":\"\uD83D\uDE00\\u003c\",");
    }

    @Test
    void deeplyNestedCommand_returnsBadRequest() {
        String data = "{\"method\":\"stats\",\"params\":" + "[".repeat(10_001) + "]".repeat(10_001) + "}";

        assertThat(api.respond(data.getBytes(UTF_8), "", ApiKeys.NONE).status()).isEqualTo(Status.BAD_REQUEST);
    }

    @ParameterizedTest
    @CsvSource({
        "0b2bdce886ef314af14ad6a85dba9aae65a2d913e1749a32ddc564b512c5191a,OK",
        "0B2BDCE886EF314AF14AD6A85DBA9AAE65A2D913E1749A32DDC564B512C5191A,UNAUTHORIZED",
        "0b2bdce886ef314af14ad6a85dba9aae65a2d913e1749a32ddc564b512c5191b,UNAUTHORIZED",
        "short,UNAUTHORIZED",
        "'',BAD_REQUEST"
    })
    void signature(String sign, Status expected) {
        byte[] data = "{\"method\":\"stats\",\"params\":{}}".getBytes(UTF_8);

        assertThat(api.respond(data, sign, new ApiKeys(new ApiSecret("secret"), List.of()))
                        .status())
                .isEqualTo(expected);
    }

    @Test
    void apiSecret_toString_isMasked() {
        assertThat(new ApiSecret("s3cret").toString()).doesNotContain("s3cret");
    }
}
