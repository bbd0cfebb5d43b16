// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.Field.Kind;
import io.tacho.model.Field.MergeRule;
import io.tacho.model.Field.Unit;
import io.tacho.testing.Snapshots;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares the field catalogue with a response of Centrifugo 1.0–1.3 and with the model. */
class FieldTest {

    private final ObjectMapper json = new ObjectMapper();

    @Test
    void wireNames_matchCentrifugoResponseInOrder() throws Exception {
        JsonNode entry;
        try (InputStream in = getClass().getResourceAsStream("/seed-stats.json")) {
            entry = json.readTree(in).at("/data/nodes/0");
        }
        List<String> members = new ArrayList<>();
        entry.fieldNames().forEachRemaining(members::add);

        assertThat(Field.wireNames()).containsExactlyElementsOf(members);
        assertThat(Field.values()).allSatisfy(field -> {
            assertThat(entry.get(field.wireName()).isNumber()).isEqualTo(field.isNumber());
            assertThat(Field.of(field.wireName())).isEqualTo(field);
        });
        assertThat(Field.of("num_rooms")).isNull();
    }

    @Test
    void accessor_readsItsField() throws Exception {
        NodeSnapshot snapshot = Snapshots.snapshot("u1", "n");
        JsonNode entry = json.readTree(new SnapshotCodec().encodeNode(snapshot));

        for (Field field : Field.NUMBERS) {
            assertThat(snapshot.number(field))
                    .as(field.wireName())
                    .isEqualTo(entry.get(field.wireName()).asLong());
        }
        assertThat(snapshot.text(Field.UID)).isEqualTo("u1");
        assertThat(snapshot.text(Field.NAME)).isEqualTo("n");
    }

    @Test
    void accessor_ofOtherType_isRejected() {
        NodeSnapshot snapshot = Snapshots.snapshot("u1", "n");

        assertThatThrownBy(() -> snapshot.number(Field.UID)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> snapshot.text(Field.NUM_CPU)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void builder_setsEveryField() {
        NodeSnapshot.Builder builder = NodeSnapshot.builder("u1", "n");
        long value = 100;
        for (Field field : Field.NUMBERS) {
            builder.set(field, value++);
        }

        assertThat(Field.NUMBERS.stream().map(field -> builder.build().number(field)))
                .containsExactlyElementsOf(Stream.iterate(100L, number -> number + 1)
                        .limit(Field.NUMBERS.size())
                        .toList());
        assertThat(builder.build().toBuilder().build()).isEqualTo(builder.build());
        assertThatThrownBy(() -> builder.set(Field.NAME, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void totals_containEveryCounter() {
        NodeTotals totals = new NodeTotals(1, 2, 3, 4, 5, 6, 7, 8, 9);

        assertThat(Field.NUMBERS.stream()
                        .filter(field -> field.kind() == Kind.COUNTER)
                        .map(totals::number))
                .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
        assertThatThrownBy(() -> totals.number(Field.NUM_CLIENTS)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void mergeRules_matchKinds() {
        for (Field field : Field.values()) {
            assertThat(field.mergeRule() == MergeRule.NONE).as(field.wireName()).isEqualTo(field.kind() == Kind.ID);
            assertThat(field.weight() != null)
                    .as(field.wireName())
                    .isEqualTo(field.mergeRule() == MergeRule.WEIGHTED_MEAN);
            if (field.kind() == Kind.COUNTER) {
                assertThat(field.mergeRule()).as(field.wireName()).isEqualTo(MergeRule.SUM);
            }
            if (field.kind() == Kind.TIMER) {
                assertThat(field.unit()).as(field.wireName()).isEqualTo(Unit.NANOSECONDS);
            }
        }
        assertThat(Field.TIME_API_MEAN.weight()).isEqualTo(Field.NUM_API_REQUESTS);
        assertThat(Field.TIME_CLIENT_MEAN.weight()).isEqualTo(Field.NUM_CLIENT_REQUESTS);
    }

    @Test
    void units_matchNames() {
        for (Field field : Field.values()) {
            String name = field.wireName();
            assertThat(field.unit() == Unit.NANOSECONDS).as(name).isEqualTo(name.startsWith("time_"));
            assertThat(field.unit() == Unit.BYTES)
                    .as(name)
                    .isEqualTo(name.startsWith("bytes_") || name.startsWith("memory_"));
            assertThat(field.unit() == Unit.TEXT).as(name).isEqualTo(!field.isNumber());
            assertThat(field.label()).as(name).isNotBlank();
            assertThat(field.description()).as(name).isNotBlank();
        }
    }

    @Test
    void requestKinds_mapToTheirFields() {
        for (RequestKind requests : RequestKind.values()) {
            assertThat(requests.count().wireName()).isEqualTo("num_" + requests.label() + "_requests");
            assertThat(requests.mean().wireName()).isEqualTo(requests.timeName() + "_mean");
            assertThat(requests.max().wireName()).isEqualTo(requests.timeName() + "_max");
            assertThat(requests.mean().weight()).isEqualTo(requests.count());
        }
    }
}
