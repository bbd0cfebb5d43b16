// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Validates the manifests against the Kubernetes model: no unknown and no missing field. */
class KubernetesManifestsTest {

    private static final Path DIRECTORY = Path.of("../deploy/kubernetes");
    private static final Gson GSON = new Gson();

    static List<JsonObject> manifests() throws IOException {
        List<JsonObject> manifests = new ArrayList<>();
        for (String file : strings(kustomization(), "resources").toList()) {
            manifests.addAll(read(DIRECTORY.resolve(file)));
        }
        return manifests;
    }

    private static JsonObject kustomization() throws IOException {
        return read(DIRECTORY.resolve("kustomization.yaml")).get(0);
    }

    static List<JsonObject> read(Path file) throws IOException {
        LoaderOptions strict = new LoaderOptions();
        strict.setAllowDuplicateKeys(false);
        List<JsonObject> documents = new ArrayList<>();
        for (Object document : new Yaml(new SafeConstructor(strict)).loadAll(Files.readString(file))) {
            documents.add(GSON.toJsonTree(document).getAsJsonObject());
        }
        return documents;
    }

    private static Stream<String> strings(JsonObject object, String member) {
        return elements(object, member).map(JsonElement::getAsString);
    }

    private static Stream<JsonElement> elements(JsonObject object, String member) {
        return StreamSupport.stream(object.getAsJsonArray(member).spliterator(), false);
    }

    static void validate(JsonObject manifest) throws IOException {
        switch (manifest.get("apiVersion").getAsString() + " "
                + manifest.get("kind").getAsString()) {
            case "v1 Namespace" -> V1Namespace.validateJsonElement(manifest);
            case "v1 Service" -> V1Service.validateJsonElement(manifest);
            case "v1 ConfigMap" -> V1ConfigMap.validateJsonElement(manifest);
            // of the Prometheus operator: Kubernetes has no model of it
            case "monitoring.coreos.com/v1 ServiceMonitor" ->
                assertThat(manifest.has("spec")).isTrue();
            case "apps/v1 Deployment" -> V1Deployment.validateJsonElement(manifest);
            case "policy/v1 PodDisruptionBudget" -> V1PodDisruptionBudget.validateJsonElement(manifest);
            case "networking.k8s.io/v1 NetworkPolicy" -> V1NetworkPolicy.validateJsonElement(manifest);
            default ->
                throw new IllegalArgumentException("manifest: " + manifest + " (expected: one of the kinds above)");
        }
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void manifest_matchesTheKubernetesModel(JsonObject manifest) throws IOException {
        validate(manifest);
    }

    @Test
    void manifest_withAMisspelledField_isRejected() throws IOException {
        JsonObject deployment = read(DIRECTORY.resolve("aggregator.yaml")).get(0);
        pod(deployment).addProperty("terminationGraceSeconds", 30);

        assertThatThrownBy(() -> validate(deployment)).hasMessageContaining("terminationGraceSeconds");
    }

    @Test
    void everyFile_isInTheKustomization() throws IOException {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(file -> !file.equals("kustomization.yaml")))
                    .containsExactlyInAnyOrderElementsOf(
                            strings(kustomization(), "resources").toList());
        }
    }

    /** The restrictions that the namespace enforces, and further ones. */
    @Test
    void containers_haveMinimalPrivileges() throws IOException {
        List<JsonObject> pods = manifests().stream()
                .filter(manifest -> manifest.get("kind").getAsString().equals("Deployment"))
                .map(KubernetesManifestsTest::pod)
                .toList();
        assertThat(pods).hasSize(2).allSatisfy(pod -> {
            JsonObject security = pod.getAsJsonObject("securityContext");
            assertThat(security.get("runAsNonRoot").getAsBoolean()).isTrue();
            assertThat(security.getAsJsonObject("seccompProfile").get("type").getAsString())
                    .isEqualTo("RuntimeDefault");
            assertThat(pod.get("automountServiceAccountToken").getAsBoolean()).isFalse();
        });
        assertThat(pods.stream().flatMap(pod -> elements(pod, "containers")))
                .hasSize(3)
                .allSatisfy(container -> {
                    JsonObject security = container.getAsJsonObject().getAsJsonObject("securityContext");
                    assertThat(security.get("allowPrivilegeEscalation").getAsBoolean())
                            .isFalse();
                    assertThat(security.get("readOnlyRootFilesystem").getAsBoolean())
                            .isTrue();
                    assertThat(security.getAsJsonObject("capabilities").toString())
                            .isEqualTo("{\"drop\":[\"ALL\"]}");
                    JsonObject resources = container.getAsJsonObject().getAsJsonObject("resources");
                    assertThat(resources.getAsJsonObject("requests").keySet()).contains("cpu", "memory");
                    assertThat(resources.getAsJsonObject("limits").keySet()).contains("memory");
                });
    }

    private static JsonObject pod(JsonObject deployment) {
        return deployment.getAsJsonObject("spec").getAsJsonObject("template").getAsJsonObject("spec");
    }
}
