// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo;

import static io.tacho.agent.source.centrifugo.CentrifugoPairsTest.resource;
import static io.tacho.agent.source.centrifugo.ScrapedNode.after;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.agent.source.NodeState;
import io.tacho.model.Extra;
import io.tacho.model.Field;
import io.tacho.model.Quality;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Compares captured metrics of real Centrifugos with the counts of their seven clients (WebSocket with JSON and Protobuf, SSE,
 * unidirectional WebSocket and SSE), one of which was disconnected by the server and recovered a message. With 6.9.1 and 5.4.9
 * the last ping of each client and its response arrived between the client count and the scrape; the expected values include
 * them.
 */
class CapturedMetricsTest {

    /** Returns the state after a first scrape without counters, as before the first client, and the captured one. */
    private static NodeState state(String version) {
        String page = resource("captured_" + version + ".txt");
        String before = page.lines()
                .filter(line -> line.matches("(go_|process_|centrifugo_node_(num|build)).*"))
                .collect(Collectors.joining("\n", "", "\n"));
        return after(before, page);
    }

    @ParameterizedTest
    @CsvSource({
        "6.9.1, 587, 4242, 658, 7, 7, 5, 11",
        "5.4.9, 592, 4282, 666, 7, 7, 5, 11",
        "3.2.3, 796, 4740, 985, 7, 7, 7, 13"
    })
    void counts_matchClientCounts(
            String version,
            long published,
            long sent,
            long requests,
            long clients,
            long users,
            long channels,
            long subs) {
        NodeState state = state(version);

        assertThat(state.version()).startsWith(version);
        assertThat(state.snapshot().number(Field.NUM_MSG_PUBLISHED)).isEqualTo(published);
        assertThat(state.snapshot().number(Field.NUM_MSG_SENT)).isEqualTo(sent);
        assertThat(state.snapshot().number(Field.NUM_CLIENT_REQUESTS)).isEqualTo(requests);
        assertThat(state.snapshot().number(Field.NUM_CLIENTS)).isEqualTo(clients);
        assertThat(state.snapshot().number(Field.NUM_UNIQUE_CLIENTS)).isEqualTo(users);
        assertThat(state.snapshot().number(Field.NUM_CHANNELS)).isEqualTo(channels);
        assertThat(state.extras().byName()).containsEntry("num_subs", Extra.gauge(subs));
    }

    /** Centrifugo counts 7 bytes more per received Protobuf command, and no delimiters of sent Protobuf or merged JSON messages. */
    @ParameterizedTest
    @CsvSource({"6.9.1, 47089, 168, 418312, 805", "5.4.9, 47615, 170, 422540, 801"})
    void bytes_differFromClientCounts_asDocumented(
            String version, long received, long protobufCommands, long sent, long delimiters) {
        NodeState state = state(version);

        assertThat(state.snapshot().number(Field.BYTES_CLIENT_IN)).isEqualTo(received + 7 * protobufCommands);
        assertThat(state.snapshot().number(Field.BYTES_CLIENT_OUT)).isEqualTo(sent - delimiters);
    }

    @ParameterizedTest
    @CsvSource({"6.9.1, 8", "5.4.9, 5", "3.2.3, 7"})
    void connects_includeUnidirectional_sinceVersion69(String version, long connects) {
        assertThat(state(version).counted().extras().byName())
                .containsEntry("connects", Extra.counter(connects, connects));
    }

    @ParameterizedTest
    @CsvSource({"6.9.1, true, true", "5.4.9, true, false", "3.2.3, true, false"})
    void percentiles_availableWithHistograms(String version, boolean api, boolean client) {
        NodeState state = state(version);

        assertThat(state.counted().api().histogram() != null).isEqualTo(api);
        assertThat(state.counted().client().histogram() != null).isEqualTo(client);
        assertThat(state.quality().byWireName()).containsEntry("time_api", Quality.CLOSE);
        assertThat(state.counted().extras().byName())
                .containsEntry("recoveries{recovered=\"yes\"}", Extra.counter(1, 1));
    }
}
