// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import io.tacho.text.Nearest;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The names of settings: {@code ttl} is the flag {@code --ttl}, the variable {@code TACHO_TTL} and the key {@code ttl}
 * of the file.
 */
final class SettingNames {

    static final String CONFIG = "config";
    static final String PRINT_CONFIG = "print-config";

    private static final String PREFIX = "TACHO_";

    /** Variables with which Kubernetes describes a service that happens to be called tacho or tacho-something. */
    private static final Pattern SERVICE =
            Pattern.compile(".*_(PORT|SERVICE_HOST|SERVICE_PORT(_.*)?|PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");

    private SettingNames() {}

    /** Returns the name of the setting of an option. */
    static String of(OptionSpec option) {
        return option.longestName().substring(2);
    }

    /** Returns the environment variable of a setting. */
    static String variable(String setting) {
        return PREFIX + setting.replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /** Returns true if the option can be set outside the command line. */
    static boolean isSetting(OptionSpec option) {
        return !option.usageHelp() && !option.versionHelp() && !of(option).equals(PRINT_CONFIG);
    }

    /** Returns the options that are settings, by name. */
    static List<OptionSpec> options(CommandSpec command) {
        return command.options().stream()
                .filter(option -> isSetting(option) && !option.hidden())
                .sorted(Comparator.comparing(SettingNames::of))
                .toList();
    }

    /** Returns the name of the secret that an option names the file of, e.g. {@code redis-password}; null for other options. */
    static @Nullable String secret(OptionSpec option) {
        String name = of(option);
        return option.type() == SecretFile.class ? name.substring(0, name.length() - SecretFile.SUFFIX.length()) : null;
    }

    /** Returns the keys of the command's file. */
    static SortedSet<String> keys(CommandSpec command) {
        SortedSet<String> keys = new TreeSet<>();
        for (OptionSpec option : options(command)) {
            keys.add(of(option));
            String secret = secret(option);
            if (secret != null) {
                keys.add(secret);
            }
        }
        keys.remove(CONFIG);
        return keys;
    }

    /** Returns the setting that a misspelled option, variable or key probably stands for; null if none is similar. */
    static @Nullable String nearest(String misspelled, Collection<String> names) {
        String bare = misspelled
                .toLowerCase(Locale.ROOT)
                .replace('_', '-')
                .replaceFirst("^(-+|tacho-)", "")
                .replaceFirst("=.*", "");
        return Nearest.to(bare, names, Math.max(2, bare.length() / 3));
    }

    /**
     * Returns the setting that an unknown variable probably stands for; null if the variable may belong to something else: another
     * subcommand, the launcher, or a service.
     */
    static @Nullable String meantByVariable(String variable, Collection<String> names) {
        if (!variable.startsWith(PREFIX) || SERVICE.matcher(variable).matches()) {
            return null;
        }
        String bare =
                variable.substring(PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '-');
        return names.contains(bare) ? null : Nearest.to(bare, names, Math.min(2, Math.max(1, bare.length() / 4)));
    }
}
