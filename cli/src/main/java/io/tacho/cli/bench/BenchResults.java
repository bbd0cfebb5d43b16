// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The results of a benchmark run, as they are written to a file.
 *
 * @param schema the version of this form, {@value #SCHEMA}
 * @param at when the run began, ISO 8601
 * @param machine the machine, as the JVM sees it: in a container with its limits
 * @param versions of the programs, by name; {@code revision} is that of the checkout
 * @param settings of the run
 * @param seconds how long each phase took, by its name
 * @param measurements all that was measured
 */
record BenchResults(
        int schema,
        String at,
        Machine machine,
        Map<String, String> versions,
        BenchSettings settings,
        Map<String, Double> seconds,
        List<Measurement> measurements) {

    static final int SCHEMA = 2;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /**
     * Reads the results of an earlier run.
     *
     * @throws IOException naming the file, what it has and what was expected
     */
    static BenchResults read(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException(file + " is missing or unreadable (expected: results of tacho bench)");
        }
        BenchResults results;
        try {
            int schema = JSON.readTree(file.toFile()).path("schema").asInt(0);
            if (schema != SCHEMA) {
                throw new IOException(file + ": schema " + schema + " (expected: " + SCHEMA
                        + ", results of this version of tacho bench)");
            }
            results = JSON.readValue(file.toFile(), BenchResults.class);
        } catch (JsonProcessingException e) {
            throw new IOException(file + " is no JSON of tacho bench: " + e.getOriginalMessage(), e);
        }
        if (results.measurements() == null || results.machine() == null || results.versions() == null) {
            throw new IOException(file + ": incomplete (expected: machine, versions and measurements)");
        }
        return results;
    }

    /** Writes the results. */
    void write(Path file) throws IOException {
        JSON.writeValue(file.toFile(), this);
    }

    /** {@return whether absolute values of both can be compared: same machine, Java and Redis} */
    boolean isComparable(BenchResults other) {
        return machine.isSame(other.machine)
                && List.of("java", "redis").stream()
                        .allMatch(name -> String.valueOf(versions.get(name)).equals(other.versions.get(name)));
    }
}
