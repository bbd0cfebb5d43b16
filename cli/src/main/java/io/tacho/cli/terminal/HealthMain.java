// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tacho.cli.client.ApiClient;
import io.tacho.cli.client.ClientOptions;
import io.tacho.cli.program.ListenAddress;
import io.tacho.cli.program.Program;
import io.tacho.text.Printable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The health check of containers, as a program. */
@Command(
        name = "tacho health",
        versionProvider = Program.Version.class,
        description = {
            "Checks whether an aggregator serves, or with --ready whether its view follows Redis.",
            "With --agent-check: whether the node of an agent accepts clients."
        },
        footer = {
            "",
            "Every option is also an environment variable: --url is TACHO_URL.",
            "Exit status: 0 if it does; 1 if it does not; 2 for a wrong option."
        })
public final class HealthMain implements Callable<Integer> {

    private static final int TIMEOUT_MILLIS = 3_000;
    private static final int MAX_RESPONSE = 256;

    @Mixin
    private final ClientOptions client = new ClientOptions();

    @Option(names = "--ready", description = "Check /-/ready instead of /-/healthy.")
    private boolean ready;

    @Option(
            names = "--agent-check",
            paramLabel = "HOST:PORT",
            description =
                    "Check the node of the agent that listens there (--agent-check-listen); a draining one is not ready.")
    private @Nullable String agentCheck;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        String state = agentCheck == null ? aggregator() : node(ListenAddress.parse("agent-check", agentCheck));
        spec.commandLine().getOut().println(state);
        return 0;
    }

    private static String node(InetSocketAddress agent) throws IOException {
        String response;
        try (Socket socket = new Socket()) {
            socket.connect(agent, TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            response = new String(socket.getInputStream().readNBytes(MAX_RESPONSE), US_ASCII).strip();
        } catch (IOException e) {
            throw new IOException(
                    "no response from " + agent.getHostString() + ":" + agent.getPort() + ": " + Follower.message(e)
                            + " (expected: an agent with --agent-check-listen)",
                    e);
        }
        if (!response.startsWith("ready ")) {
            throw new IOException("the node is not ready: " + Printable.line(response) + " (expected: ready up)");
        }
        return response;
    }

    private String aggregator() throws IOException {
        ApiClient api = client.client();
        String path = ready ? "/-/ready" : "/-/healthy";
        int status;
        try {
            status = api.status(path, TIMEOUT_MILLIS);
        } catch (IOException e) {
            throw new IOException(
                    "no response from " + api.url() + path + ": " + Follower.message(e) + " (expected: 200)", e);
        }
        if (status != 200) {
            throw new IOException(api.url() + path + ": status " + status + " (expected: 200)");
        }
        return ready ? "ready" : "healthy";
    }
}
