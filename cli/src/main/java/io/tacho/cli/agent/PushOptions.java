// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.agent;

import io.tacho.agent.source.push.PushSettings;
import io.tacho.cli.program.SecretFile;
import io.tacho.text.SettingErrors;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options of sources to which clients push: who may. */
final class PushOptions {

    @Option(
            names = "--push-key-file",
            paramLabel = "PATH",
            description =
                    "File with the key that pushes must carry as X-API-Key; or TACHO_PUSH_KEY in the environment.")
    private @Nullable SecretFile keyFile;

    @Option(
            names = "--allowed-host",
            split = ",",
            paramLabel = "NAME",
            description = "Further host names by which pushes without a key may reach it (default: localhost and IP"
                    + " addresses).")
    private List<String> allowedHosts = new ArrayList<>();

    /**
     * Returns the settings; empty if one is invalid, which is recorded.
     *
     * @param command whose secret is read
     */
    Optional<PushSettings> settings(
            @Nullable CommandSpec command,
            InetSocketAddress address,
            Duration staleAfter,
            Duration goneAfter,
            SettingErrors errors) {
        Optional<String> key = errors.valueOr(
                () -> Optional.ofNullable(SecretFile.read(command, "push-key", keyFile)), Optional.empty());
        return errors.valueOr(
                () -> Optional.of(new PushSettings(address, key.orElse(null), allowedHosts, staleAfter, goneAfter)),
                Optional.empty());
    }
}
