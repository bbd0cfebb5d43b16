// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.drain;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacho.cli.client.ApiClient;
import io.tacho.cli.client.ClientOptions;
import io.tacho.cli.program.Program;
import io.tacho.text.Printable;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Drains a node, or ends that, by the API of an aggregator. */
@Command(
        versionProvider = Program.Version.class,
        footer = {
            "",
            "Every option is also an environment variable: --url is TACHO_URL. The key is the admin key of the aggregator.",
            "Exit status: 0 if the node has acknowledged the command; 1 if it has not; 2 for a wrong option."
        })
public abstract class DrainMain implements Callable<Integer> {

    /** {@code tacho drain}. */
    @Command(
            name = "tacho drain",
            description = "Makes a node announce that it accepts no new clients, and waits for its acknowledgment.")
    public static final class Drain extends DrainMain {

        /** Creates the command. */
        public Drain() {
            super("drain");
        }
    }

    /** {@code tacho undrain}. */
    @Command(name = "tacho undrain", description = "Ends the draining of a node, and waits for its acknowledgment.")
    public static final class Undrain extends DrainMain {

        /** Creates the command. */
        public Undrain() {
            super("undrain");
        }
    }

    @Mixin
    private final ClientOptions client = new ClientOptions();

    @Parameters(paramLabel = "NODE", description = "The name or the uid of the node.")
    private String node = "";

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private final String action;

    private DrainMain(String action) {
        this.action = action;
    }

    @Override
    public Integer call() throws IOException {
        ApiClient api = client.client();
        String uid = uid(api.get("/nodes").path("nodes"), node);
        JsonNode done = api.post("/node/" + action + "?uid=" + URLEncoder.encode(uid, StandardCharsets.UTF_8));
        spec.commandLine()
                .getOut()
                .println(Printable.line(done.path("name").asText()) + " is "
                        + done.path("state").asText() + (done.path("changed").asBoolean() ? "" : ", as it was before"));
        return 0;
    }

    /** Returns the uid of the node with that uid, or else of the only one with that name. */
    static String uid(JsonNode nodes, String wanted) {
        List<String> named = new ArrayList<>();
        for (JsonNode each : nodes) {
            String uid = each.path("uid").asText();
            if (uid.equals(wanted)) {
                return uid;
            }
            if (each.path("name").asText().equals(wanted)) {
                named.add(uid);
            }
        }
        if (named.size() == 1) {
            return named.get(0);
        }
        throw new IllegalArgumentException(
                named.isEmpty()
                        ? "NODE: no node '" + wanted
                                + "' (expected: the name or the uid of one that 'tacho stats' lists)"
                        : "NODE: '" + wanted + "' is the name of " + named.size() + " nodes (expected: the uid of one: "
                                + String.join(", ", named) + ")");
    }
}
