// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import static io.tacho.testing.Snapshots.detailed;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.model.Extra;
import io.tacho.store.StoredSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The families of a page, and pages of some of them. */
class MetricsSelectionTest extends MetricsPageTestBase {

    /** {@code METRICS.md} is what this test expects: copy it from the message when a family changes. */
    @Test
    void families_areDocumented() throws IOException {
        String table = page.families().stream()
                .map(family -> "| `" + family.name() + suffix(family.type()) + "` | " + family.type() + " | "
                        + family.help() + " |")
                .collect(joining("\n", "| name | type | |\n|---|---|---|\n", "\n"));

        assertThat(Files.readString(Path.of("METRICS.md"))).endsWith(table);
    }

    private static String suffix(String type) {
        return type.equals("counter") ? "_total" : type.equals("info") ? "_info" : "";
    }

    @Test
    void page_withoutNodes() {
        view.onLoaded(withExtras("u1", Map.of("num_subs", Extra.gauge(75))));

        assertThat(lines(MetricsFormat.PROMETHEUS, new FamilySelection(false, Set.of())))
                .contains("tacho_cluster_clients 4.0", "tacho_cluster_extra_num_subs 75.0")
                .noneMatch(line -> line.startsWith("tacho_node"));
    }

    @Test
    void page_selectedFamilies() {
        view.onLoaded(new StoredSnapshot(detailed("u1", 1), 15_000));

        FamilySelection selection = page.select(
                true, List.of("tacho_node_messages_sent_total", "tacho_cluster_nodes", "process_cpu_seconds"));

        assertThat(lines(MetricsFormat.OPEN_METRICS, selection))
                .contains(
                        "# TYPE tacho_node_messages_sent counter",
                        "tacho_node_messages_sent_total{node=\"name-u1\",uid=\"u1\"} 103",
                        "tacho_cluster_nodes{state=\"live\"} 0.0",
                        "# EOF")
                .allMatch(line -> line.contains("tacho_node_messages_sent")
                        || line.contains("tacho_cluster_nodes")
                        || line.contains("process_cpu_seconds")
                        || line.equals("# EOF"));
    }

    @Test
    void select_everyFamilyOfThePage_byName() {
        view.onLoaded(new StoredSnapshot(detailed("u1", 1), 15_000));
        List<String> names = lines(MetricsFormat.PROMETHEUS).stream()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.split(" ", -1)[2])
                .toList();

        assertThat(names).hasSizeGreaterThan(60);
        assertThat(lines(MetricsFormat.PROMETHEUS, page.select(true, names)).stream()
                        .filter(line -> line.startsWith("# TYPE ")))
                .hasSameSizeAs(names);
    }

    @Test
    void select_familiesWithoutSamples() {
        List<String> absent = List.of(
                "tacho_alerts_firing", "tacho_node_clients", "tacho_node_extra_x_total", "tacho_cluster_timer_y");

        assertThat(lines(MetricsFormat.PROMETHEUS, page.select(true, absent))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tacho_cluster_client", "", "TACHO_NODE", "tacho_node_extra_"})
    void select_unknownName_isRejected(String name) {
        assertThatThrownBy(() -> page.select(true, List.of("tacho_cluster_clients", name)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("name[]: '" + name + "' (expected: a family of /metrics, e.g. tacho_cluster_clients)");
    }
}
