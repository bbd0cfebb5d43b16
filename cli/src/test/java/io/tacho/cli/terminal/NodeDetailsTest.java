// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.model.Field;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeDetailsTest {

    private static final long NOW = 1_060;

    private static List<String> lines(String response) throws IOException {
        JsonNode json = response == null ? null : new ObjectMapper().readTree(response.replace('\'', '"'));
        return NodeDetails.lines(Nodes.live("a", 42), json, NOW);
    }

    @Test
    void lines_beforeTheResponse_useTheEvents() throws IOException {
        List<String> lines = lines(null);

        assertThat(lines).element(1).isEqualTo("  a   live   uid uid-a");
        assertThat(lines).hasSize(3 + Field.NUMBERS.size() + 2);
        assertThat(lines).last().isEqualTo("  Any key goes back.");
        assertThat(lines)
                .filteredOn(line -> line.startsWith("  Clients"))
                .singleElement()
                .asString()
                .endsWith("42")
                .hasSize(2 + 30 + 14);
        assertThat(lines)
                .filteredOn(line -> line.startsWith("  Up "))
                .singleElement()
                .asString()
                .contains("1m");
    }

    @Test
    void lines_withTheResponse_haveIdentityOutliersAndQuality() throws IOException {
        List<String> lines = lines("{'host':'h1','version':'1.2','labels':{'zone':'eu','rack':'7'},"
                + "'outlier':[{'indicator':'cpu_usage','factor':3}],"
                + "'quality':{'num_unique_clients':'close','memory_sys':'unavailable'}}");

        assertThat(lines).element(2).isEqualTo("  host h1   version 1.2   zone=eu   rack=7");
        assertThat(lines).element(3).isEqualTo("  outlier: CPU 3.0 ×");
        assertThat(lines)
                .filteredOn(line -> line.startsWith("  Users"))
                .singleElement()
                .asString()
                .endsWith("41   close");
        assertThat(lines).filteredOn(line -> line.endsWith("   unavailable")).hasSize(1);
    }

    @Test
    void lines_withoutIdentity_haveNoEmptyLine() throws IOException {
        assertThat(lines("{}")).isEqualTo(lines(null));
    }

    @Test
    void controlCharacters_areEscaped() throws IOException {
        List<String> lines = lines("{'host':'\\u001b[2J','labels':{'a\\nb':'\\u0007'},'quality':{'num_cpu':'\\u001b'},"
                + "'outlier':[{'indicator':'\\u001b]0;x','factor':2}]}");

        assertThat(lines).allSatisfy(line -> assertThat(line.chars()).noneMatch(Character::isISOControl));
    }
}
