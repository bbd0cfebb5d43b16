// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import io.tacho.cli.program.Program;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The health check of containers, as a program. */
@Command(
        name = "tacho health",
        versionProvider = Program.Version.class,
        description = {"Checks whether an aggregator serves, or with --ready whether its view follows Redis."},
        footer = {
            "",
            "Every option is also an environment variable: --url is TACHO_URL.",
            "Exit status: 0 if it does; 1 if it does not; 2 for a wrong option."
        })
public final class HealthMain implements Callable<Integer> {

    private static final int TIMEOUT_MILLIS = 3_000;

    @Mixin
    private final ClientOptions client = new ClientOptions();

    @Option(names = "--ready", description = "Check /-/ready instead of /-/healthy.")
    private boolean ready;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
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
        spec.commandLine().getOut().println(ready ? "ready" : "healthy");
        return 0;
    }
}
