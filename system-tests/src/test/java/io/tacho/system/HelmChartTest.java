// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart: what {@code .ci/chart} renders with Helm is valid for Kubernetes, and its README has all values. */
class HelmChartTest {

    private static final Path CHART = Path.of("../deploy/helm/tacho");
    private static final Path RENDERED = Path.of("src/test/resources/chart");

    private static final Pattern DESCRIPTION = Pattern.compile(" *# -- (.*)");
    private static final Pattern VALUE = Pattern.compile("( *)([A-Za-z]+):(.*)");

    @ParameterizedTest
    @ValueSource(strings = {"default", "all"})
    void rendered_isAsKubernetesHasIt(String values) throws IOException {
        for (JsonObject manifest : KubernetesManifestsTest.read(RENDERED.resolve(values + ".yaml"))) {
            KubernetesManifestsTest.validate(manifest);
        }
    }

    @Test
    void rendered_hasEveryTemplate() throws IOException {
        String rendered = Files.readString(RENDERED.resolve("all.yaml"));
        try (Stream<Path> templates = Files.list(CHART.resolve("templates"))) {
            assertThat(templates.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".yaml")))
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(rendered).contains("# Source: tacho/templates/" + name));
        }
    }

    @Test
    void readme_hasTheTableOfAllValues() throws IOException {
        assertThat(Files.readString(CHART.resolve("README.md"))).contains(String.join("\n", table()));
    }

    /** {@return a row for each value of the file, from the comment before it} */
    private static List<String> table() throws IOException {
        List<String> rows = new ArrayList<>(List.of("| value | default | description |", "|---|---|---|"));
        Deque<String> parents = new ArrayDeque<>();
        String description = null;
        for (String line : Files.readAllLines(CHART.resolve("values.yaml"))) {
            Matcher comment = DESCRIPTION.matcher(line);
            Matcher value = VALUE.matcher(line);
            if (comment.matches()) {
                description = comment.group(1);
            } else if (value.matches()) {
                while (parents.size() > value.group(1).length() / 2) {
                    parents.removeLast();
                }
                parents.addLast(value.group(2));
                if (description != null) {
                    String text = value.group(3).strip();
                    rows.add("| `" + String.join(".", parents) + "` | "
                            + (text.isEmpty() ? "see values.yaml" : "`" + text + "`") + " | " + description + " |");
                    description = null;
                }
            }
        }
        return rows;
    }
}
