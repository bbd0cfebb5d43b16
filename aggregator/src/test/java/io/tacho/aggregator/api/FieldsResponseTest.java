// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.aggregator.history.RecentWindow;
import io.tacho.model.Field;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Compares the fields response and the field lists of the OpenAPI description with the field catalogue. */
class FieldsResponseTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static JsonNode schemas;

    @BeforeAll
    static void readDescription() throws Exception {
        try (InputStream in = Objects.requireNonNull(
                FieldsResponseTest.class.getResourceAsStream("/io/tacho/aggregator/http/endpoint/openapi.json"))) {
            schemas = JSON.readTree(in).at("/components/schemas");
        }
    }

    private static List<String> names(Collection<Field> fields) {
        return fields.stream().map(Field::wireName).toList();
    }

    private static List<String> members(JsonNode object) {
        List<String> members = new ArrayList<>();
        object.fieldNames().forEachRemaining(members::add);
        return members;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.textValue()));
        return texts;
    }

    private static List<String> labels(Enum<?>[] values) {
        return Arrays.stream(values)
                .map(value -> value.name().toLowerCase(Locale.ROOT))
                .toList();
    }

    @Test
    void body_hasEveryField() throws Exception {
        JsonNode fields = JSON.readTree(FieldsResponse.body());

        assertThat(fields)
                .extracting(field -> field.get("name").textValue())
                .containsExactlyElementsOf(Field.wireNames());
        assertThat(fields)
                .contains(JSON.readTree("{\"name\":\"time_api_mean\",\"kind\":\"timer\","
                        + "\"unit\":\"nanoseconds\",\"merge\":\"weighted_mean\","
                        + "\"weight\":\"num_api_requests\",\"label\":\"API mean\","
                        + "\"description\":\"Mean server API response time\",\"window\":true}"))
                .contains(JSON.readTree("{\"name\":\"name\",\"kind\":\"id\",\"unit\":\"text\","
                        + "\"merge\":\"none\",\"label\":\"Name\",\"description\":\"Node name\","
                        + "\"window\":false}"));
    }

    @Test
    void openApi_nodeFields_matchTheCatalogue() {
        JsonNode node = schemas.get("Node");

        assertThat(members(node.get("properties"))).containsExactlyElementsOf(Field.wireNames());
        assertThat(texts(node.get("required"))).containsExactlyElementsOf(Field.wireNames());
        for (Field field : Field.values()) {
            assertThat(node.at("/properties/" + field.wireName() + "/type").textValue())
                    .as(field.wireName())
                    .isEqualTo(field.isNumber() ? "integer" : "string");
        }
    }

    @Test
    void openApi_seriesFields_areTheChangingFields() {
        JsonNode fields = schemas.at("/NodeSeries/properties/fields");

        assertThat(members(fields.get("properties"))).containsExactlyElementsOf(names(RecentWindow.FIELDS));
        assertThat(texts(fields.get("required"))).containsExactlyElementsOf(names(RecentWindow.FIELDS));
    }

    @Test
    void openApi_clusterFields_haveEveryNumber() {
        assertThat(members(schemas.at("/Cluster/properties/merged/properties"))).containsAll(names(Field.NUMBERS));
    }

    @Test
    void openApi_catalogue_hasAllKindsUnitsAndRules() {
        JsonNode properties = schemas.at("/Fields/items/properties");

        assertThat(texts(properties.at("/kind/enum"))).isEqualTo(labels(Field.Kind.values()));
        assertThat(texts(properties.at("/unit/enum"))).isEqualTo(labels(Field.Unit.values()));
        assertThat(texts(properties.at("/merge/enum"))).isEqualTo(labels(Field.MergeRule.values()));
    }
}
