// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.prometheus;

import io.tacho.agent.source.prometheus.MetricExpression.Term;
import io.tacho.agent.source.scrape.Scrape;
import io.tacho.agent.source.scrape.ScrapeForm;
import io.tacho.model.Extras;
import io.tacho.model.Field;
import io.tacho.model.Field.Kind;
import io.tacho.model.Quality;
import io.tacho.model.RequestKind;
import io.tacho.text.TextFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which metrics are which fields. A mapping has one line for each field, {@code num_clients = app_connections}, and further
 * ones: {@code program}, {@code required}, {@code version}, {@code cpu_seconds}, {@code quality.<field>} and {@code
 * extra.<name>}.
 *
 * @param program whose metrics these are
 * @param form the metrics that are read
 * @param version metric and label with the version of the software, in one term; null if there is none
 * @param fields gauges and counters
 * @param times histograms or summaries of the durations of requests, seconds after multiplication
 * @param cpuSeconds the CPU time of the process; null if it is not mapped
 * @param quality flags of fields that are not exact
 * @param extras values in addition to the 22 fields
 */
record Mapping(
        String program,
        ScrapeForm form,
        @Nullable LabelValue version,
        Map<Field, MetricExpression> fields,
        Map<RequestKind, Term> times,
        @Nullable MetricExpression cpuSeconds,
        Map<Field, Quality> quality,
        Map<String, MappedExtra> extras) {

    /** A label of a metric's first series. */
    record LabelValue(String metric, String label) {}

    static final Set<String> PRESETS = Set.of("micrometer", "nats", "opentelemetry", "socketio", "soketi");

    private static final String QUALITY = "quality.";
    private static final String EXTRA = "extra.";

    /** Returns the fields of whose metrics some series are missing. */
    Set<Field> incomplete(Scrape scrape) {
        Set<Field> incomplete = EnumSet.noneOf(Field.class);
        fields.forEach((field, expression) -> {
            if (!expression.metrics().stream().allMatch(scrape::hasAllSeries)) {
                incomplete.add(field);
            }
        });
        times.forEach((kind, term) -> {
            if (!scrape.hasAllSeries(term.metric())) {
                incomplete.addAll(List.of(kind.count(), kind.mean(), kind.max()));
            }
        });
        return incomplete;
    }

    /** The mapping of that name: a preset, or a file. */
    static Mapping named(String name) {
        if (PRESETS.contains(name)) {
            try (InputStream preset = Mapping.class.getResourceAsStream(name + ".properties")) {
                if (preset == null) {
                    throw new IllegalStateException("preset " + name + " is missing in the jar");
                }
                return read(name, new InputStreamReader(preset, StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new IllegalStateException("preset " + name, e);
            }
        }
        try {
            return read(name, new StringReader(TextFiles.read(Path.of(name))));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "mapping: cannot read " + name + ", " + TextFiles.cause(e) + " (expected: a file, or one of "
                            + String.join(", ", new TreeSet<>(PRESETS)) + ")",
                    e);
        }
    }

    static Mapping parse(String text) {
        try {
            return read("text", new StringReader(text));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Mapping read(String name, Reader reader) throws IOException {
        Properties lines = new Properties();
        try {
            lines.load(reader);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "mapping: " + e.getMessage() + " (expected: lines like 'num_clients = a')", e);
        }
        Map<String, String> sorted = new TreeMap<>();
        lines.stringPropertyNames()
                .forEach(key -> sorted.put(key, lines.getProperty(key).strip()));
        return new Builder(name).build(sorted);
    }

    /** Builds a mapping from its lines. */
    private static final class Builder {

        private final Map<Field, MetricExpression> fields = new EnumMap<>(Field.class);
        private final Map<RequestKind, Term> times = new EnumMap<>(RequestKind.class);
        private final Map<Field, Quality> quality = new EnumMap<>(Field.class);
        private final Map<String, MappedExtra> extras = new TreeMap<>();
        private final Set<String> wanted = new TreeSet<>(Set.of(
                "process_start_time_seconds",
                "process_cpu_seconds_total",
                "process_resident_memory_bytes",
                "go_goroutines",
                "go_sched_gomaxprocs_threads"));
        private final Set<String> labels = new TreeSet<>();
        private String program;
        private List<String> required = List.of();
        private @Nullable LabelValue version;
        private @Nullable MetricExpression cpuSeconds;

        Builder(String name) {
            program = name;
        }

        Mapping build(Map<String, String> lines) {
            lines.forEach((key, value) -> {
                try {
                    add(key, value);
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("mapping: " + key + " = " + e.getMessage(), e);
                }
            });
            if (fields.isEmpty() && times.isEmpty() && extras.isEmpty()) {
                throw new IllegalArgumentException(
                        "mapping: no field (expected: lines like 'num_clients = app_connections')");
            }
            if (extras.size() > Extras.MAX_EXTRAS) {
                throw new IllegalArgumentException(
                        "mapping: " + extras.size() + " extra values (expected: at most " + Extras.MAX_EXTRAS + ")");
            }
            return new Mapping(
                    program,
                    new ScrapeForm(program, "", required, List.copyOf(wanted), labels),
                    version,
                    fields,
                    times,
                    cpuSeconds,
                    quality,
                    extras);
        }

        private void add(String key, String value) {
            labels.addAll(MetricExpression.labels(value));
            if (key.equals("program")) {
                program = value;
            } else if (key.equals("required")) {
                required = List.of(value.split("\\s*,\\s*"));
                wanted.addAll(required);
            } else if (key.equals("version")) {
                version = version(value);
                wanted.add(version.metric());
                labels.add(version.label());
            } else if (key.equals("cpu_seconds")) {
                cpuSeconds = expression(value);
            } else if (key.startsWith(QUALITY)) {
                quality.put(field(key.substring(QUALITY.length())), quality(value));
            } else if (key.startsWith(EXTRA)) {
                MappedExtra extra = MappedExtra.parse(key.substring(EXTRA.length()), value);
                wanted.addAll(extra.expression().metrics());
                extras.put(extra.name(), extra);
            } else {
                addField(key, value);
            }
        }

        private void addField(String key, String value) {
            for (RequestKind kind : RequestKind.values()) {
                if (key.equals(kind.timeName())) {
                    MetricExpression expression = expression(value);
                    if (expression.metrics().size() != 1) {
                        throw new IllegalArgumentException("'" + value + "' (expected: one histogram or summary)");
                    }
                    times.put(kind, expression.alternatives().get(0).terms().get(0));
                    return;
                }
            }
            Field field = field(key);
            if (field.kind() == Kind.ID || field.kind() == Kind.TIMER) {
                throw new IllegalArgumentException("'" + value + "' (expected: time_api or time_client for durations)");
            }
            fields.put(field, expression(value));
        }

        private MetricExpression expression(String value) {
            MetricExpression expression = MetricExpression.parse(value);
            wanted.addAll(expression.metrics());
            return expression;
        }

        private static Field field(String name) {
            Field field = Field.of(name);
            if (field == null) {
                List<String> names = new ArrayList<>();
                Field.NUMBERS.forEach(known -> names.add(known.wireName()));
                throw new IllegalArgumentException("unknown field (expected: one of " + String.join(", ", names)
                        + ", time_api, time_client, program, required, version, cpu_seconds, quality.<field>,"
                        + " extra.<name>)");
            }
            return field;
        }

        private static Quality quality(String label) {
            Quality quality = Quality.of(label);
            if (quality == Quality.UNKNOWN) {
                throw new IllegalArgumentException("'" + label + "' (expected: exact, close or bound)");
            }
            return quality;
        }

        private static LabelValue version(String value) {
            int brace = value.indexOf('{');
            if (brace < 1 || !value.endsWith("}")) {
                throw new IllegalArgumentException("'" + value + "' (expected: metric{label})");
            }
            return new LabelValue(
                    value.substring(0, brace).strip(),
                    value.substring(brace + 1, value.length() - 1).strip());
        }
    }
}
