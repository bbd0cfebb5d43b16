// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.statsd;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which metric is which of the node's numbers: {@code tacho.} and the number's name, or a name of one's own, from a mapping
 * file.
 *
 * <p>Thread safety: immutable.
 */
final class StatsdNames {

    /** What numbers can be told, and as what. The two times feed the requests' count, mean and longest. */
    private static final Map<String, Set<StatsdType>> NUMBERS = Map.ofEntries(
            Map.entry("num_msg_published", Set.of(StatsdType.COUNTER)),
            Map.entry("num_msg_queued", Set.of(StatsdType.COUNTER)),
            Map.entry("num_msg_sent", Set.of(StatsdType.COUNTER)),
            Map.entry("num_api_requests", Set.of(StatsdType.COUNTER)),
            Map.entry("num_client_requests", Set.of(StatsdType.COUNTER)),
            Map.entry("bytes_client_in", Set.of(StatsdType.COUNTER)),
            Map.entry("bytes_client_out", Set.of(StatsdType.COUNTER)),
            Map.entry("time_api", Set.of(StatsdType.TIMER)),
            Map.entry("time_client", Set.of(StatsdType.TIMER)),
            Map.entry("num_clients", Set.of(StatsdType.GAUGE)),
            Map.entry("num_unique_clients", Set.of(StatsdType.GAUGE, StatsdType.SET)),
            Map.entry("num_channels", Set.of(StatsdType.GAUGE, StatsdType.SET)),
            Map.entry("num_goroutine", Set.of(StatsdType.GAUGE)),
            Map.entry("started_at", Set.of(StatsdType.GAUGE)),
            Map.entry("gomaxprocs", Set.of(StatsdType.GAUGE)),
            Map.entry("num_cpu", Set.of(StatsdType.GAUGE)),
            Map.entry("memory_sys", Set.of(StatsdType.GAUGE)),
            Map.entry("cpu_usage", Set.of(StatsdType.GAUGE)));

    private static final String PREFIX = "tacho.";

    private final Map<String, String> numberByName;

    private StatsdNames(Map<String, String> numberByName) {
        this.numberByName = numberByName;
    }

    /** The documented names alone. */
    static StatsdNames documented() {
        Map<String, String> names = new HashMap<>();
        NUMBERS.keySet().forEach(number -> names.put(PREFIX + number, number));
        return new StatsdNames(names);
    }

    /**
     * The documented names, and those of a file: a line each, {@code own.name = num_msg_published}; {@code #} begins a comment.
     *
     * @throws IllegalArgumentException naming the line that cannot be
     */
    static StatsdNames withMapping(@Nullable Path file) {
        StatsdNames documented = documented();
        if (file == null) {
            return documented;
        }
        Properties lines = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            lines.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "mapping: cannot read " + file + ", " + e.getClass().getSimpleName()
                            + " (expected: a text file of lines like 'own.name = num_msg_published')",
                    e);
        }
        Map<String, String> names = new HashMap<>(documented.numberByName);
        for (String name : lines.stringPropertyNames()) {
            String number = lines.getProperty(name).strip();
            if (!NUMBERS.containsKey(number)) {
                throw new IllegalArgumentException("mapping: " + name + " = '" + number + "' (expected: one of "
                        + String.join(", ", new TreeSet<>(NUMBERS.keySet())) + ")");
            }
            names.put(name, number);
        }
        return new StatsdNames(names);
    }

    /** The number that a line tells. */
    String number(StatsdLine line) throws Refused {
        String number = numberByName.get(line.name());
        if (number == null) {
            throw new Refused(Refused.Reason.UNKNOWN_NAME);
        }
        if (!NUMBERS.getOrDefault(number, Set.of()).contains(line.type())) {
            throw new Refused(Refused.Reason.WRONG_TYPE);
        }
        return number;
    }

    /** The names of all numbers that can be told. */
    static List<String> numbers() {
        return List.copyOf(new TreeSet<>(NUMBERS.keySet()));
    }
}
