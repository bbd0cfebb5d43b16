// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.process.ChildProcess;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The inputs of the cases, and what an agent prints of them with {@code --dry-run}. */
final class Case {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Case() {}

    /** {@return an input by its file name} */
    static String input(String name) throws IOException {
        try (InputStream input = Case.class.getResourceAsStream("/cases/" + name)) {
            if (input == null) {
                throw new IOException("no input " + name);
            }
            return new String(input.readAllBytes(), UTF_8);
        }
    }

    /** {@return the beats that the agent has printed} */
    static List<JsonNode> beats(ChildProcess agent) throws IOException {
        List<JsonNode> beats = new ArrayList<>();
        String out = agent.out();
        // the last line may be incomplete
        for (String line : out.substring(0, out.lastIndexOf('\n') + 1).lines().toList()) {
            beats.add(JSON.readTree(line));
        }
        return beats;
    }

    /** {@return the sum of a field over all windows that the agent has printed} */
    static long sum(ChildProcess agent, String field) throws IOException {
        Map<Long, Long> byWindow = new LinkedHashMap<>();
        for (JsonNode beat : beats(agent)) {
            byWindow.put(
                    beat.path("window_start_ms").asLong(),
                    beat.path("node").path(field).asLong());
        }
        return byWindow.values().stream().mapToLong(Long::longValue).sum();
    }
}
