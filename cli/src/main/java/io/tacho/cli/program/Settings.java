// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import io.tacho.text.TextFiles;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** The values of options without a flag: the environment, then the file that {@code --config} names. */
final class Settings {

    private static final Pattern SERVICE_PORT = Pattern.compile("(?:tcp|udp|sctp)://.*:[0-9]+");

    private final Map<String, String> environment;
    private final Map<OptionSpec, ResolvedValue> resolved = new HashMap<>();
    private @Nullable SettingsFile file;

    Settings(Map<String, String> environment) {
        this.environment = new HashMap<>(environment);
        this.environment.entrySet().removeIf(Settings::isOfKubernetes);
        this.environment.replaceAll((variable, value) -> TextFiles.withoutLineEnd(value));
    }

    /** {@return whether Kubernetes set the variable because a service has that name, e.g. {@code tcp://10.0.0.7:6379}} */
    private static boolean isOfKubernetes(Map.Entry<String, String> variable) {
        return variable.getKey().endsWith("_PORT")
                && SERVICE_PORT.matcher(variable.getValue()).matches();
    }

    /** Returns the settings with which the command was parsed. */
    static Settings of(CommandSpec command) {
        return command.commandLine() != null
                        && command.commandLine().getDefaultValueProvider() instanceof Provider provider
                ? provider.settings()
                : new Settings(Map.of());
    }

    /** Returns settings with the same environment and the current content of the file. */
    Settings reread() {
        return new Settings(environment);
    }

    /** Gives picocli the settings; a class of its own for the same reason as {@link Converters}. */
    private record Provider(Settings settings) implements IDefaultValueProvider {

        @Override
        public @Nullable String defaultValue(ArgSpec argument) {
            return settings.defaultValue(argument);
        }
    }

    /** {@return the provider of these settings for picocli} */
    IDefaultValueProvider provider() {
        return new Provider(this);
    }

    /** Returns the value of an option that is not on the command line. */
    private @Nullable String defaultValue(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option)
                || !SettingNames.isSetting(option)
                || isHelpAskedFor(option.command())) {
            return null;
        }
        ResolvedValue given = find(option.command(), SettingNames.of(option));
        if (given == null) {
            return null;
        }
        resolved.put(option, given);
        return given.value();
    }

    private static boolean isHelpAskedFor(CommandSpec command) {
        return command.options().stream()
                .anyMatch(option ->
                        (option.usageHelp() || option.versionHelp()) && Boolean.TRUE.equals(option.getValue()));
    }

    /** Returns the value of a setting from the environment, or else from the file; null if in neither. */
    @Nullable
    ResolvedValue find(CommandSpec command, String setting) {
        String variable = SettingNames.variable(setting);
        String value = environment.get(variable);
        return value != null
                ? ResolvedValue.environment(variable, value)
                : file(command).find(setting);
    }

    /** Returns the value of an option that comes from the environment or the file, with its origin; null for a flag or a default. */
    @Nullable
    ResolvedValue resolvedValue(OptionSpec option) {
        return resolved.get(option);
    }

    /** Returns the file; an empty one if there is none. */
    private SettingsFile file(CommandSpec command) {
        if (file == null) {
            Path path = path(command);
            try {
                file = path == null ? SettingsFile.NONE : SettingsFile.read(path, SettingNames.keys(command));
            } catch (IllegalArgumentException e) {
                throw new ParameterException(command.commandLine(), e.getMessage(), e);
            }
            if (!file.errors().isEmpty()) {
                throw new ParameterException(command.commandLine(), String.join("\n", errors(command)));
            }
        }
        return file;
    }

    /** {@return the errors in the lines of the file, and in the values of the file and the environment} */
    Set<String> errors(CommandSpec command) {
        Set<String> errors = new LinkedHashSet<>();
        if (file != null) {
            errors.addAll(file.errors());
            file.values().forEach((key, value) -> {
                OptionSpec option = command.findOption("--" + key);
                if (option != null && !environment.containsKey(SettingNames.variable(key))) {
                    error(option, value).ifPresent(errors::add);
                }
            });
        }
        for (OptionSpec option : SettingNames.options(command)) {
            String variable = SettingNames.variable(SettingNames.of(option));
            String value = environment.get(variable);
            if (value != null) {
                error(option, ResolvedValue.environment(variable, value)).ifPresent(errors::add);
            }
        }
        return errors;
    }

    private static Optional<String> error(OptionSpec option, ResolvedValue value) {
        Class<?> type = option.auxiliaryTypes().length > 0 ? option.auxiliaryTypes()[0] : option.type();
        ITypeConverter<?> converter = Converters.all().get(type);
        if (converter == null) {
            return Optional.empty();
        }
        try {
            for (String each : option.splitRegex().isEmpty()
                    ? new String[] {value.value()}
                    : value.value().split(option.splitRegex(), -1)) {
                converter.convert(each);
            }
            return Optional.empty();
        } catch (TypeConversionException e) {
            return Optional.of(value.subject() + ": " + e.getMessage());
        } catch (Exception e) {
            // reported by the parser
            return Optional.empty();
        }
    }

    /** Returns the path of the file; null if there is none. */
    @Nullable
    Path path(CommandSpec command) {
        ConfigOptions options = Program.mixin(command, ConfigOptions.class);
        if (options == null) {
            return null;
        }
        String variable = environment.get(SettingNames.variable(SettingNames.CONFIG));
        Path flag = options.path();
        return flag != null || variable == null ? flag : Path.of(variable);
    }

    /** Returns the settings of the file that are not overridden, by key. */
    Map<String, String> effectiveFileValues(CommandSpec command) {
        CommandLine line = command.commandLine();
        Map<String, String> values = new TreeMap<>();
        file(command).values().forEach((key, given) -> {
            boolean flag = line.getParseResult().hasMatchedOption("--" + key);
            if (!flag && !environment.containsKey(SettingNames.variable(key))) {
                values.put(key, given.value());
            }
        });
        return values;
    }

    /** Returns variables that look like misspelled settings of the command, with the variable that was probably meant. */
    Map<String, String> misspelledVariables(CommandSpec command) {
        SortedSet<String> names = SettingNames.keys(command);
        names.add(SettingNames.CONFIG);
        Map<String, String> misspelled = new TreeMap<>();
        for (String variable : environment.keySet()) {
            String meant = SettingNames.meantByVariable(variable, names);
            if (meant != null) {
                misspelled.put(variable, SettingNames.variable(meant));
            }
        }
        return misspelled;
    }
}
