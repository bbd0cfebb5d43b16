// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.tacho.testing.ManualScheduler;
import io.tacho.testing.UnreliableAlertLedger;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AlertBoardTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static void assertAsDescribed(JsonNode board) throws IOException {
        try (InputStream file =
                AlertBoardTest.class.getResourceAsStream("/io/tacho/aggregator/http/endpoint/openapi.json")) {
            ObjectNode schema = JSON.createObjectNode().put("$ref", "#/components/schemas/Alerts");
            schema.set("components", JSON.readTree(file).path("components"));
            assertThat(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                            .getSchema(schema)
                            .validate(board))
                    .isEmpty();
        }
    }

    @Test
    void body_withEverythingThereCanBe_isAsItIsDescribed() throws IOException {
        ManualScheduler ticker = new ManualScheduler(Instant.parse("2026-11-22T12:00:00Z"));
        FakePoster hook = new FakePoster();
        try (TestMember member =
                new TestMember("one", ticker, new UnreliableAlertLedger(ticker, Duration.ofSeconds(5)), hook)) {
            member.take(
                    "rule lost lost",
                    "rule few nodes < 5",
                    "rule quiet nodes < 9",
                    "silence quiet from 2026-11-22T12:00:00Z until 2026-11-23T12:00:00Z",
                    "silence lost node=x until 2026-11-22T12:00:00Z");
            member.beat("a");
            pass(member, 5);
            hook.answer(500);
            member.lose("a");
            pass(member, 10);
            member.beat("a");
            pass(member, 2);

            JsonNode board = member.board();
            assertAsDescribed(board);
            assertThat(board.path("firing").asInt()).isEqualTo(2);
            assertThat(board.path("alerts")).hasSize(3);
            assertThat(board.at("/alerts/1/status").asText()).isEqualTo("resolved");
            assertThat(board.at("/alerts/1/why").asText()).isEqualTo("it is back");
            assertThat(board.at("/alerts/2/silenced").asBoolean()).isTrue();
            assertThat(board.at("/silences/0/in_force").asBoolean()).isTrue();
            assertThat(board.at("/silences/1/in_force").asBoolean()).isFalse();
            assertThat(board.at("/deliveries/0/status").asInt()).isEqualTo(500);
            assertThat(board.path("deliveries").findValues("delivered"))
                    .extracting(JsonNode::asBoolean)
                    .contains(true, false);
        }
    }

    private static void pass(TestMember member, int seconds) {
        for (int i = 0; i < seconds; i++) {
            member.ticker().advance(Duration.ofSeconds(1));
            member.tick();
        }
    }
}
