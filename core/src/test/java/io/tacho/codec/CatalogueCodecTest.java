// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeTotals;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.TotalField;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.Encoded;
import io.tacho.testing.PackedHash;
import io.tacho.testing.Snapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Compares the codec with the field catalogue. */
class CatalogueCodecTest {

    private final SnapshotCodec codec = new SnapshotCodec();
    private final ObjectMapper json = new ObjectMapper();
    private final Random random = new Random(7);

    private SnapshotEnvelope random(long seq) {
        NodeSnapshot.Builder node = NodeSnapshot.builder("u" + seq, "näme <" + seq + ">");
        Field.NUMBERS.forEach(field -> node.set(field, randomNumber(NodeSnapshot.MAX_VALUE)));
        NodeTotals totals =
                NodeTotals.of(total -> randomNumber(total.isDuration() ? Long.MAX_VALUE - 1 : NodeSnapshot.MAX_VALUE));
        SnapshotEnvelope detailed = Snapshots.detailed("u", seq);
        return SnapshotEnvelope.builder(node.build())
                .seq(seq)
                .ttlMillis(15_000)
                .metricsIntervalSeconds(60)
                .window(detailed.window())
                .status(detailed.status())
                .totals(random.nextBoolean() ? totals : null)
                .detail(detailed.detail())
                .build();
    }

    /** Returns a random number; every bit length is equally likely. */
    private long randomNumber(long max) {
        return random.nextLong(1 + (max >> random.nextInt(60)));
    }

    @Test
    void message_randomNumbers_roundTrip() throws Exception {
        for (long seq = 1; seq < 2_000; seq++) {
            SnapshotEnvelope beat = random(seq);

            assertThat(codec.decode(codec.encode(beat), problem -> {})).isEqualTo(beat);
        }
    }

    @Test
    void hash_randomNumbers_roundTrip() throws Exception {
        for (long seq = 1; seq < 2_000; seq++) {
            SnapshotEnvelope beat = random(seq);

            assertThat(codec.fromHash(new MessagePack(PackedHash.of(codec.toHash(beat))), 1, problem -> {}))
                    .isEqualTo(beat);
        }
    }

    @Test
    void encodeNode_hasFieldsInCatalogueOrder() throws Exception {
        NodeSnapshot node = random(1).snapshot();

        JsonNode entry = json.readTree(codec.encodeNode(node));

        assertThat(entry.fieldNames()).toIterable().containsExactlyElementsOf(Field.wireNames());
        for (Field field : Field.values()) {
            JsonNode value = entry.get(field.wireName());
            if (field.isNumber()) {
                assertThat(value.longValue()).as(field.wireName()).isEqualTo(node.number(field));
            } else {
                assertThat(value.textValue()).as(field.wireName()).isEqualTo(node.text(field));
            }
        }
    }

    @Test
    void totals_haveCountersAndSumsOfCatalogue() throws Exception {
        JsonNode totals =
                json.readTree(codec.encode(Snapshots.detailed("u", 1))).get("totals");

        assertThat(totals.fieldNames())
                .toIterable()
                .containsExactlyElementsOf(
                        TotalField.ALL.stream().map(TotalField::wireName).toList());
    }

    @Test
    void hash_optionalObjects_equalThoseOfMessage() throws Exception {
        SnapshotEnvelope beat = Snapshots.detailed("u", 1);
        List<byte[]> fields = new ArrayList<>();

        JsonNode message = json.readTree(codec.encode(beat, false, fields::add));
        Map<String, String> hash = codec.toHash(beat);

        assertThat(fields).hasSize(2 * hash.size());
        for (String object : List.of("labels", "quality", "totals", "histograms", "sketches")) {
            assertThat(json.readTree(hash.get(object))).as(object).isEqualTo(message.get(object));
        }
        message.fieldNames().forEachRemaining(name -> {
            if (!name.equals("type") && !name.equals("node")) {
                assertThat(hash).containsKey(name);
            }
        });
    }

    @Test
    void lastText_sameValue_isNotEncodedAgain() {
        LastText last = new LastText();
        Encoded<DurationHistogram> value = Snapshots.histogram("one");

        byte[] text = last.of(value);

        assertThat(last.of(value)).isSameAs(text);
        assertThat(last.of(Snapshots.histogram("two"))).asString().isEqualTo("dHdv");
        assertThat(last.of(value)).isNotSameAs(text).isEqualTo(text);
    }
}
