// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options {@code --config} and {@code --print-config} of a program with a configuration file, some of which is reloaded on SIGHUP. */
public final class ConfigOptions {

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(
            names = "--" + SettingNames.CONFIG,
            paramLabel = "PATH",
            description =
                    "Configuration file with settings, a line each: redis = redis://127.0.0.1:6379. Options and the"
                            + " environment take precedence (default: none).")
    private @Nullable Path path;

    @Option(
            names = "--" + SettingNames.PRINT_CONFIG,
            description = "Print the effective settings and their origins, in the form of that file, and exit.")
    private boolean printConfig;

    @Nullable
    Path path() {
        return path;
    }

    /**
     * Prints the effective settings if {@code --print-config} is given; returns true if so, and the program ends.
     *
     * @param computed values of settings without a given value, by name, where they depend on others
     */
    public boolean print(Map<String, ?> computed) {
        if (printConfig) {
            new EffectiveSettings(command(), computed)
                    .print(command().commandLine().getOut());
        }
        return printConfig;
    }

    /** Handles SIGHUP from now on: applies the log levels, and the actions that are added to the returned value. */
    public Reload reloadOnSighup() {
        Reload reload = new Reload(command());
        LogOptions log = Program.mixin(command(), LogOptions.class);
        if (log != null) {
            reload.with(log::applyLevels, "log-level");
        }
        SighupHandler.on(reload::run);
        return reload;
    }

    private CommandSpec command() {
        return Objects.requireNonNull(command, "not mixed in");
    }
}
