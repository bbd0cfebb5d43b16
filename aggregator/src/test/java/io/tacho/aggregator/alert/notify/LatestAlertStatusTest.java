// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.tacho.testing.ManualScheduler;
import io.tacho.testing.UnreliableAlertStore;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LatestAlertStatusTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static void assertMatchesOpenApi(JsonNode status) throws IOException {
        try (InputStream file =
                LatestAlertStatusTest.class.getResourceAsStream("/io/tacho/aggregator/http/endpoint/openapi.json")) {
            ObjectNode schema = JSON.createObjectNode().put("$ref", "#/components/schemas/Alerts");
            schema.set("components", JSON.readTree(file).path("components"));
            assertThat(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                            .getSchema(schema)
                            .validate(status))
                    .isEmpty();
        }
    }

    @Test
    void json_withAllMembers_matchesOpenApi() throws IOException {
        ManualScheduler ticker = new ManualScheduler(Instant.parse("2026-11-22T12:00:00Z"));
        FakeWebhook webhook = new FakeWebhook();
        try (TestAggregator aggregator =
                new TestAggregator("one", ticker, new UnreliableAlertStore(ticker, Duration.ofSeconds(5)), webhook)) {
            aggregator.applyConfig(
                    "rule lost lost",
                    "rule few nodes < 5",
                    "rule quiet nodes < 9",
                    "silence quiet from 2026-11-22T12:00:00Z until 2026-11-23T12:00:00Z",
                    "silence lost node=x until 2026-11-22T12:00:00Z");
            aggregator.beat("a");
            runFor(aggregator, 5);
            webhook.setStatus(500);
            aggregator.loseNode("a");
            runFor(aggregator, 10);
            aggregator.beat("a");
            runFor(aggregator, 2);

            JsonNode status = aggregator.statusJson();
            assertMatchesOpenApi(status);
            assertThat(status.path("firing").asInt()).isEqualTo(2);
            assertThat(status.path("alerts")).hasSize(3);
            assertThat(status.at("/alerts/1/status").asText()).isEqualTo("resolved");
            assertThat(status.at("/alerts/1/reason").asText()).isEqualTo("the node is back");
            assertThat(status.at("/alerts/2/silenced").asBoolean()).isTrue();
            assertThat(status.at("/silences/0/status/state").asText()).isEqualTo("active");
            assertThat(status.at("/silences/1/status/state").asText()).isEqualTo("expired");
            assertThat(status.at("/notifications/0/statusCode").asInt()).isEqualTo(500);
            assertThat(status.path("notifications").findValues("delivered"))
                    .extracting(JsonNode::asBoolean)
                    .contains(true, false);
        }
    }

    private static void runFor(TestAggregator aggregator, int seconds) {
        for (int i = 0; i < seconds; i++) {
            aggregator.ticker().advance(Duration.ofSeconds(1));
            aggregator.evaluate();
        }
    }
}
