// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Capability;
import io.tacho.testing.Docker;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ComposeContainer;
import org.testcontainers.containers.ContainerState;

/** {@code docker-compose.yml} as shipped, image and all. */
@EnabledIf(value = "isDockerComposeAvailable", disabledReason = "Docker is not available, or has no compose plugin")
class ComposeIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final List<String> SERVICES =
            List.of("redis", "node1", "node2", "node3", "clients", "aggregator1", "aggregator2");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static ComposeContainer compose;
    private static DockerClient docker;

    static boolean isDockerComposeAvailable() throws IOException, InterruptedException {
        return Docker.isAvailable()
                && new ProcessBuilder("docker", "compose", "version").start().waitFor() == 0;
    }

    @BeforeAll
    static void up() {
        compose = new ComposeContainer(new File("../docker-compose.yml"))
                .withEnv("TACHO_IMAGE", "tacho-test")
                .withEnv("TACHO_PORT", "0")
                .withEnv("TACHO_PORT2", "0")
                .withBuild(true)
                .withPull(false)
                .withStartupTimeout(Duration.ofMinutes(8));
        compose.start();
        docker = DockerClientFactory.lazyClient();
    }

    @AfterAll
    static void down() {
        if (compose != null) {
            compose.stop();
        }
    }

    @BeforeEach
    void awaitAllNodes() {
        awaitNames("node1", "node2", "node3");
    }

    private static ContainerState container(String service) {
        return compose.getContainerByServiceName(service).orElseThrow();
    }

    private static String id(String service) {
        return container(service).getContainerId();
    }

    private static HttpResponse<String> get(String aggregator, String path) throws IOException, InterruptedException {
        ContainerState container = container(aggregator);
        // a restarted container has another port
        String port = docker.inspectContainerCmd(container.getContainerId())
                .exec()
                .getNetworkSettings()
                .getPorts()
                .getBindings()
                .values()
                .iterator()
                .next()[0]
                .getHostPortSpec();
        URI uri = URI.create("http://" + container.getHost() + ":" + port + path);
        return HTTP.send(HttpRequest.newBuilder(uri).timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode nodes(String aggregator) throws IOException, InterruptedException {
        return JSON.readTree(get(aggregator, "/stats").body()).at("/data/nodes");
    }

    private static long sum(JsonNode nodes, String field) {
        long sum = 0;
        for (JsonNode node : nodes) {
            sum += node.path(field).asLong();
        }
        return sum;
    }

    private static void awaitNames(String... names) {
        for (String aggregator : List.of("aggregator1", "aggregator2")) {
            await().atMost(TIMEOUT)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(nodes(aggregator).findValuesAsText("name"))
                            .containsExactly(names));
        }
    }

    private static int total(String event) throws IOException, InterruptedException {
        return JSON.readTree(get("aggregator1", "/cluster").body())
                .at("/total/" + event)
                .asInt();
    }

    @Test
    void up_nodesHaveTraffic_andBothAggregatorsAgree() {
        // which client is on which node depends on which nodes were disconnected
        await().atMost(TIMEOUT).untilAsserted(() -> {
            JsonNode nodes = nodes("aggregator1");
            assertThat(sum(nodes, "num_clients")).isEqualTo(30);
            assertThat(sum(nodes, "num_msg_published")).isPositive();
            assertThat(sum(nodes, "num_msg_sent")).isPositive();
        });
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(nodes("aggregator1").findValuesAsText("uid"))
                        .isEqualTo(nodes("aggregator2").findValuesAsText("uid")));
    }

    @Test
    void containers_haveMinimalPrivileges() {
        for (String service : SERVICES) {
            InspectContainerResponse container =
                    docker.inspectContainerCmd(id(service)).exec();
            var host = container.getHostConfig();
            assertThat(container.getConfig().getUser()).as(service).isNotIn("", "root", "0");
            assertThat(host.getReadonlyRootfs()).as(service).isTrue();
            assertThat(host.getCapDrop()).as(service).containsExactly(Capability.ALL);
            assertThat(host.getSecurityOpts()).as(service).contains("no-new-privileges:true");
            assertThat(host.getMemory()).as(service).isPositive();
            assertThat(host.getPidsLimit()).as(service).isPositive();
            assertThat(host.getBinds())
                    .as(service)
                    .satisfiesAnyOf(
                            binds -> assertThat(binds).isNullOrEmpty(),
                            binds -> assertThat(binds).allMatch(bind -> bind.getAccessMode() == AccessMode.ro));
            host.getPortBindings()
                    .getBindings()
                    .values()
                    .forEach(bindings -> assertThat(bindings)
                            .as(service)
                            .allSatisfy(
                                    binding -> assertThat(binding.getHostIp()).isEqualTo("127.0.0.1")));
        }
    }

    @Test
    void node_stopped_leaves_killed_isLost() throws Exception {
        int left = total("left");
        docker.stopContainerCmd(id("node3")).exec();
        awaitNames("node1", "node2");
        assertThat(total("left")).isEqualTo(left + 1);

        int lost = total("lost");
        docker.killContainerCmd(id("node2")).exec();
        awaitNames("node1");
        assertThat(total("lost")).isEqualTo(lost + 1);

        docker.startContainerCmd(id("node2")).exec();
        docker.startContainerCmd(id("node3")).exec();
        awaitNames("node1", "node2", "node3");
    }

    @Test
    void node_pausedOrDisconnected_isLostAndReturns() {
        docker.pauseContainerCmd(id("node1")).exec();
        awaitNames("node2", "node3");
        docker.unpauseContainerCmd(id("node1")).exec();
        awaitNames("node1", "node2", "node3");

        String network = docker.inspectContainerCmd(id("node1"))
                .exec()
                .getNetworkSettings()
                .getNetworks()
                .values()
                .iterator()
                .next()
                .getNetworkID();
        docker.disconnectFromNetworkCmd()
                .withNetworkId(network)
                .withContainerId(id("node1"))
                .exec();
        awaitNames("node2", "node3");
        docker.connectToNetworkCmd()
                .withNetworkId(network)
                .withContainerId(id("node1"))
                .exec();
        awaitNames("node1", "node2", "node3");
    }

    @Test
    void redis_pausedOrKilled_viewIsRetainedAndStale() throws Exception {
        docker.pauseContainerCmd(id("redis")).exec();
        assertViewIsRetained();
        docker.unpauseContainerCmd(id("redis")).exec();
        awaitReady(200);

        docker.killContainerCmd(id("redis")).exec();
        assertViewIsRetained();
        docker.startContainerCmd(id("redis")).exec();
        awaitReady(200);
    }

    private static void assertViewIsRetained() throws Exception {
        awaitReady(503);
        for (String aggregator : List.of("aggregator1", "aggregator2")) {
            assertThat(nodes(aggregator)).hasSize(3);
            assertThat(get(aggregator, "/stats").headers().firstValue("X-Tacho-Stale-Ms"))
                    .isPresent();
        }
    }

    private static void awaitReady(int status) {
        for (String aggregator : List.of("aggregator1", "aggregator2")) {
            await().atMost(TIMEOUT).until(() -> get(aggregator, "/-/ready").statusCode() == status);
        }
    }
}
