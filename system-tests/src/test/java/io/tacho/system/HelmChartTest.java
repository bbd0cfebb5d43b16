// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.kubernetes.client.openapi.models.V1PodSpec;
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
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart: what {@code .ci/chart} renders with Helm is valid for Kubernetes, and its README and schema have all values. */
class HelmChartTest {

    private static final Path CHART = Path.of("../deploy/helm/tacho");
    private static final Path RENDERED = Path.of("src/test/resources/chart");

    private static final Pattern DESCRIPTION = Pattern.compile(" *# -- (.*)");
    private static final Pattern VALUE = Pattern.compile("( *)([A-Za-z]+):(.*)");

    @ParameterizedTest
    @ValueSource(strings = {"default", "all"})
    void renderedChart_matchesTheKubernetesModel(String values) throws IOException {
        for (JsonObject manifest : KubernetesManifestsTest.read(RENDERED.resolve(values + ".yaml"))) {
            KubernetesManifestsTest.validate(manifest);
        }
    }

    @Test
    void renderedChart_hasEveryTemplate() throws IOException {
        String rendered = Files.readString(RENDERED.resolve("all.yaml"));
        try (Stream<Path> templates = Files.list(CHART.resolve("templates"))) {
            assertThat(templates.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".yaml")))
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(rendered).contains("# Source: tacho/templates/" + name));
        }
    }

    /** The printed sidecar, in a pod as Kubernetes has it, reports to the Redis of the aggregators with its own credentials. */
    @Test
    void sidecar_isAValidContainer() throws IOException {
        JsonObject sidecar =
                KubernetesManifestsTest.read(RENDERED.resolve("sidecar.yaml")).get(0);

        V1PodSpec.validateJsonElement(sidecar);
        assertThat(sidecar.toString())
                .contains(
                        "{\"name\":\"TACHO_PARTITIONS\",\"value\":\"16\"}",
                        "{\"name\":\"TACHO_REDIS_USER\",\"value\":\"tacho-agent\"}",
                        "{\"name\":\"TACHO_REDIS_PASSWORD_FILE\",\"value\":\"/etc/tacho/redis-password\"}",
                        "\"secretName\":\"tacho-agent\"");
    }

    /** The printed sidecar has the same restrictions as the one in the manifests. */
    @Test
    void sidecar_hasTheRestrictionsOfTheManifests() throws IOException {
        JsonObject printed = container(
                KubernetesManifestsTest.read(RENDERED.resolve("sidecar.yaml")).get(0));
        JsonObject node = KubernetesManifestsTest.read(Path.of("../deploy/kubernetes/node.yaml"))
                .get(0);
        JsonObject manifest = container(
                node.getAsJsonObject("spec").getAsJsonObject("template").getAsJsonObject("spec"));

        JsonObject security = manifest.getAsJsonObject("securityContext").deepCopy();
        // the manifest has it at the pod
        security.addProperty("runAsNonRoot", true);
        assertThat(printed.get("securityContext")).isEqualTo(security);
        assertThat(printed.get("resources")).isEqualTo(manifest.get("resources"));
        assertThat(printed.get("lifecycle")).isEqualTo(manifest.get("lifecycle"));
        assertThat(printed.get("args")).isEqualTo(manifest.get("args"));
    }

    private static JsonObject container(JsonObject pod) {
        return StreamSupport.stream(pod.getAsJsonArray("containers").spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .filter(container -> container.get("name").getAsString().equals("agent"))
                .findFirst()
                .orElseThrow();
    }

    /** Otherwise the rule would never fire. */
    @Test
    void serviceMonitor_setsTheJobOfTheAlertRules() throws IOException {
        assertThat(Files.readString(Path.of("../deploy/prometheus/alerts.yml"))).contains("up{job=\"tacho\"} == 0");
        JsonObject monitor = KubernetesManifestsTest.read(RENDERED.resolve("all.yaml")).stream()
                .filter(manifest -> manifest.get("kind").getAsString().equals("ServiceMonitor"))
                .findFirst()
                .orElseThrow();

        assertThat(monitor.getAsJsonObject("spec")
                        .getAsJsonArray("endpoints")
                        .get(0)
                        .getAsJsonObject()
                        .get("relabelings")
                        .toString())
                .isEqualTo("[{\"targetLabel\":\"job\",\"replacement\":\"tacho\"}]");
    }

    @Test
    void networkPolicy_permitsFurtherDestinations() throws IOException {
        assertThat(Files.readString(RENDERED.resolve("all.yaml"))).contains("cidr: 203.0.113.7/32");
        assertThat(Files.readString(RENDERED.resolve("default.yaml"))).doesNotContain("ipBlock");
    }

    /** Without this, Helm would accept a misspelled value, or reject an existing one. */
    @Test
    void schema_matchesTheValues() throws IOException {
        JsonObject schema =
                new Gson().fromJson(Files.readString(CHART.resolve("values.schema.json")), JsonObject.class);
        JsonObject values =
                KubernetesManifestsTest.read(CHART.resolve("values.yaml")).get(0);
        // Helm adds it to the values of every chart
        schema.getAsJsonObject("properties").remove("global");

        assertSameNames(schema, values, "values");
    }

    private static void assertSameNames(JsonObject schema, JsonObject values, String path) {
        assertThat(schema.get("additionalProperties").getAsBoolean()).as(path).isFalse();
        JsonObject properties = schema.getAsJsonObject("properties");
        assertThat(properties.keySet()).as(path).isEqualTo(values.keySet());
        properties.entrySet().stream()
                .filter(property -> property.getValue().getAsJsonObject().has("properties"))
                .forEach(property -> assertSameNames(
                        property.getValue().getAsJsonObject(),
                        values.getAsJsonObject(property.getKey()),
                        path + "." + property.getKey()));
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
