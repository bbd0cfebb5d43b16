// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tacho.agent.source.prometheus.Mapping.LabelValue;
import io.tacho.agent.source.scrape.Increase;
import io.tacho.agent.source.scrape.Labels;
import io.tacho.agent.source.scrape.Scrape;
import io.tacho.model.Extra;
import io.tacho.model.Extras;
import io.tacho.model.Field;
import io.tacho.model.Quality;
import io.tacho.model.RequestKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MappingTest {

    private static final String LINES = """
            # a comment
            program = chat
            required = app_up , app_clients
            version = app_info{version}
            num_clients = app_clients + app_guests
            num_msg_sent = app_sent * 2
            time_api = app_requests_ms * 0.001
            cpu_seconds = app_cpu
            quality.num_clients = close
            extra.queue = gauge max app_queue
            extra.errors = counter app_errors
            """;

    @TempDir
    private Path directory;

    private static Scrape scrape(Mapping mapping, Map<String, Double> values) {
        Scrape.Builder scrape = Scrape.builder(mapping.form());
        values.forEach((name, value) -> scrape.add(name, Labels.of(Map.of()), value));
        return scrape.build();
    }

    private static MappedWindow window(Mapping mapping, Map<String, Double> before, Map<String, Double> now) {
        return new MappedWindow(mapping, new Increase(scrape(mapping, before), scrape(mapping, now)));
    }

    @Test
    void mapping_isParsedFromLines() {
        Mapping mapping = Mapping.parse(LINES);

        assertThat(mapping.program()).isEqualTo("chat");
        assertThat(mapping.version()).isEqualTo(new LabelValue("app_info", "version"));
        assertThat(mapping.fields()).containsOnlyKeys(Field.NUM_CLIENTS, Field.NUM_MSG_SENT);
        assertThat(mapping.times()).containsOnlyKeys(RequestKind.API);
        assertThat(mapping.times().get(RequestKind.API).factor()).isEqualTo(0.001);
        assertThat(mapping.quality()).isEqualTo(Map.of(Field.NUM_CLIENTS, Quality.CLOSE));
        assertThat(mapping.extras()).containsOnlyKeys("queue", "errors");
        assertThat(mapping.form().required()).containsExactly("app_up", "app_clients");
    }

    @Test
    void form_selectsMappedAndProcessMetrics() {
        Mapping mapping = Mapping.parse(LINES);

        assertThat(List.of(
                        "app_up",
                        "app_clients",
                        "app_guests",
                        "app_info",
                        "app_sent",
                        "app_requests_ms_bucket",
                        "app_cpu",
                        "app_queue",
                        "app_errors",
                        "process_cpu_seconds_total",
                        "go_goroutines"))
                .allMatch(mapping.form()::wants);
        assertThat(mapping.form().wants("app_other")).isFalse();
    }

    @Test
    void named_file_programIsFileNameUnlessStated() throws IOException {
        Path file = Files.writeString(directory.resolve("chat.properties"), "num_clients = a\n");
        Path stated = Files.writeString(directory.resolve("own.properties"), "num_clients = a\nprogram = chat\n");

        assertThat(Mapping.named(file.toString()).program()).isEqualTo(file.toString());
        assertThat(Mapping.named(stated.toString()).program()).isEqualTo("chat");
    }

    @Test
    void named_missingFile_isRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Mapping.named(directory.resolve("none").toString()))
                .withMessageStartingWith("mapping: cannot read " + directory.resolve("none"))
                .withMessageEndingWith(
                        "(expected: a file, or one of micrometer, nats, opentelemetry, socketio, soketi)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"micrometer", "nats", "opentelemetry", "socketio", "soketi"})
    void preset_isValid(String name) {
        Mapping mapping = Mapping.named(name);

        assertThat(mapping.fields().size() + mapping.times().size()).isPositive();
        assertThat(mapping.form().wanted()).isNotEmpty();
    }

    @Test
    void extras_upToLimit_areValid() {
        String most = IntStream.range(0, Extras.MAX_EXTRAS)
                .mapToObj(i -> "extra.e" + i + " = gauge m" + i)
                .collect(Collectors.joining("\n"));

        assertThat(Mapping.parse(most).extras()).hasSize(Extras.MAX_EXTRAS);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Mapping.parse(most + "\nextra.more = gauge m"))
                .withMessage("mapping: 65 extra values (expected: at most 64)");
    }

    @Test
    void invalidEscape_isRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Mapping.parse("num_clients = \\uZZZZ"))
                .withMessageStartingWith("mapping: ")
                .withMessageEndingWith("(expected: lines like 'num_clients = a')");
    }

    @ParameterizedTest
    @CsvSource({
        "gauge a,          gauge,   sum",
        "gauge sum a,      gauge,   sum",
        "gauge max a + b,  gauge,   max",
        "gauge  last  a,   gauge,   last",
        "counter a,        counter, sum",
        "timer a,          timer,   histogram",
    })
    void extra_hasKindAndRule(String text, String kind, String rule) {
        MappedExtra extra = MappedExtra.parse("x", text);

        assertThat(extra.kind()).isEqualTo(kind);
        assertThat(extra.rule()).isEqualTo(rule);
        assertThat(extra.expression().metrics().get(0)).isEqualTo("a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "gauge", "gauge min a", "counter max a", "timer a + b", "timer a | b", ""})
    void extra_invalid_isRejected(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MappedExtra.parse("x", text))
                .withMessageContaining("(expected: ");
    }

    @Test
    void extras_gaugeIsCurrent_counterIsOfWindow() {
        Mapping mapping = Mapping.parse(LINES);
        Scrape before = scrape(mapping, Map.of("app_queue", 9.0, "app_errors", 5.0));
        Scrape now = scrape(mapping, Map.of("app_queue", 4.4, "app_errors", 7.0));
        Increase increase = new Increase(before, now);
        MappedExtra gauge = mapping.extras().get("queue");
        MappedExtra counter = mapping.extras().get("errors");

        assertThat(gauge.current(now)).isEqualTo(Extra.gauge(Extra.MAX, 4));
        assertThat(gauge.ofWindow(increase)).isNull();
        assertThat(counter.current(now)).isNull();
        assertThat(counter.ofWindow(increase)).isEqualTo(Extra.counter(2, 7));
        assertThat(gauge.current(scrape(mapping, Map.of()))).as("not reported").isNull();
        assertThat(counter.ofWindow(new Increase(now, scrape(mapping, Map.of()))))
                .isNull();
    }

    @Test
    void window_hasCountersAndTimes_inFieldUnits() {
        MappedWindow window = window(
                Mapping.parse(LINES),
                Map.of("app_sent", 10.0, "app_requests_ms_count", 2.0, "app_requests_ms_sum", 30.0),
                Map.of(
                        "app_sent",
                        15.0,
                        "app_requests_ms_count",
                        6.0,
                        "app_requests_ms_sum",
                        50.0,
                        "app_requests_ms_max",
                        9.0));

        assertThat(window.recorded().numMsgSent()).isEqualTo(10);
        assertThat(window.recorded().api().count()).isEqualTo(4);
        assertThat(window.recorded().api().sum()).isEqualTo(20_000_000);
        assertThat(window.recorded().api().mean()).isEqualTo(5_000_000);
        assertThat(window.recorded().api().max()).isEqualTo(9_000_000);
        assertThat(window.quality())
                .containsEntry(Field.TIME_API_MAX, Quality.BOUND)
                .containsEntry(Field.NUM_MSG_QUEUED, Quality.UNAVAILABLE)
                .containsEntry(Field.TIME_CLIENT_MEAN, Quality.UNAVAILABLE)
                .doesNotContainKeys(Field.NUM_MSG_SENT, Field.NUM_API_REQUESTS, Field.TIME_API_MEAN);
    }

    @Test
    void window_withoutRequests_hasTimesOfZero() {
        Map<String, Double> idle = Map.of("app_requests_ms_count", 6.0, "app_requests_ms_sum", 50.0);
        MappedWindow window = window(Mapping.parse(LINES), idle, idle);

        assertThat(window.recorded().api().count()).isZero();
        assertThat(window.recorded().api().mean()).isZero();
        assertThat(window.quality()).containsEntry(Field.TIME_API_MAX, Quality.BOUND);
    }

    @Test
    void total_alternativeSource_continuesFromLastValue() {
        Random random = new Random(5);
        List<MetricExpression.Sum> sources = MetricExpression.parse("a | b | c").alternatives();
        double[] values = {1_000, 50, 7};
        ContinuedTotal total = new ContinuedTotal();
        List<Double> totals = new ArrayList<>();
        double expected = 0;
        int last = -1;
        for (int step = 0; step < 200; step++) {
            int source = random.nextInt(3);
            double more = random.nextInt(10);
            for (int i = 0; i < values.length; i++) {
                values[i] += more;
            }
            // the increase during a change of the source is unknown
            expected = last < 0 ? values[source] : source == last ? expected + more : expected;
            last = source;
            totals.add(total.of(sources.get(source), values[source]));
            assertThat(totals.get(step)).isEqualTo(expected);
        }
        assertThat(totals).isSorted();
    }
}
