// SPDX-License-Identifier: Apache-2.0
package io.tacho.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Tests the configuration metadata that editors use for completion. */
class PropertyMetadataTest {

    @Test
    void everyProperty_hasTypeAndDescription() throws Exception {
        Map<String, JsonNode> properties;
        try (InputStream metadata =
                TachoProperties.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            properties = StreamSupport.stream(
                            new ObjectMapper()
                                    .readTree(metadata)
                                    .path("properties")
                                    .spliterator(),
                            false)
                    .filter(property -> property.path("name").asText().startsWith("tacho."))
                    .collect(Collectors.toMap(property -> property.path("name").asText(), property -> property));
        }

        assertThat(properties.keySet())
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(TachoProperties.class.getRecordComponents())
                        .map(PropertyMetadataTest::kebab)
                        .toList());
        assertThat(properties.values()).allSatisfy(property -> {
            assertThat(property.path("type").asText()).as("%s", property).isNotEmpty();
            assertThat(property.path("description").asText()).as("%s", property).isNotEmpty();
        });
    }

    private static String kebab(RecordComponent component) {
        return "tacho." + component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
