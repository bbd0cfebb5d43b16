// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import io.tacho.text.Urls;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Describes the errors of a command line and of settings: each with its origin, the found and the expected value. */
final class CommandErrors {

    private CommandErrors() {}

    /** Returns the messages of all errors of the command line: parsing ended at the first, so it is parsed again. */
    static Set<String> messages(ParameterException failure, String[] arguments) {
        CommandLine line = failure.getCommandLine();
        Set<String> messages = new LinkedHashSet<>(message(failure).lines().toList());
        if (line.getParent() == null) {
            line.getCommandSpec().parser().collectErrors(true);
            for (Exception error : line.parseArgs(arguments).errors()) {
                if (error instanceof ParameterException another) {
                    messages.addAll(message(another).lines().toList());
                }
            }
            messages.addAll(checkErrors(line, messages));
        }
        return messages;
    }

    /** Returns the errors of the values that could be read, so that they are not reported in a second step. */
    private static List<String> checkErrors(CommandLine line, Set<String> unreadable) {
        if (!(line.getCommand() instanceof CheckedSettings settings)) {
            return List.of();
        }
        try {
            settings.check(setting -> unreadable.stream().anyMatch(message -> names(message, setting)));
            return List.of();
        } catch (IllegalArgumentException e) {
            return message(e, line.getCommandSpec()).lines().toList();
        }
    }

    /** {@return whether the error is one of this setting: of its option, its variable or its line of the file} */
    private static boolean names(String message, String setting) {
        return message.startsWith("--" + setting + ": ")
                || message.startsWith(SettingNames.variable(setting) + ": ")
                || message.contains(": " + setting + ": ");
    }

    /** Describes an error of a command line, of the environment or of the configuration file. */
    static String message(ParameterException failure) {
        if (failure instanceof UnmatchedArgumentException unmatched) {
            return message(unmatched);
        }
        if (!(failure.getArgSpec() instanceof OptionSpec option) || failure.getValue() == null) {
            return String.valueOf(failure.getMessage());
        }
        Settings settings = Settings.of(option.command());
        ResolvedValue given = settings.resolvedValue(option);
        String message = (given == null ? option.longestName() : given.subject()) + ": "
                + (failure.getCause() instanceof TypeConversionException conversion
                        ? conversion.getMessage()
                        : "'" + Urls.masked(failure.getValue()) + "' (expected: " + option.paramLabel() + ")");
        Set<String> errors = new LinkedHashSet<>(settings.errors(option.command()));
        errors.add(message);
        return String.join("\n", errors);
    }

    private static String message(UnmatchedArgumentException failure) {
        CommandLine line = failure.getCommandLine();
        String found = failure.getUnmatched().get(0);
        Set<String> names = new TreeSet<>();
        if (found.startsWith("-")) {
            line.getCommandSpec().options().stream()
                    .filter(option -> !option.hidden())
                    .forEach(option -> names.add(SettingNames.of(option)));
            return failure.getUnmatched().stream()
                    .filter(unmatched -> unmatched.startsWith("-"))
                    .map(unmatched -> unknownOption(unmatched, names))
                    .collect(Collectors.joining("\n"));
        }
        line.getSubcommands().forEach((name, command) -> {
            if (!command.getCommandSpec().usageMessage().hidden()) {
                names.add(name);
            }
        });
        return "'" + Urls.masked(found) + "' (expected: "
                + (names.isEmpty() ? "options" : "one of " + String.join(", ", names)) + ")";
    }

    private static String unknownOption(String found, Set<String> names) {
        String meant = SettingNames.nearest(found, names);
        return found.replaceFirst("=.*", "") + ": no such option (expected: "
                + (meant == null ? "one of those that --help lists" : "--" + meant) + ")";
    }

    /** Returns the error; each line that begins with a setting's name has the place where the setting was set. */
    static String message(Exception failure, CommandSpec command) {
        String message = String.valueOf(failure.getMessage());
        return failure instanceof IllegalArgumentException
                ? message.lines().map(line -> withOrigin(line, command)).collect(Collectors.joining("\n"))
                : message;
    }

    private static String withOrigin(String message, CommandSpec command) {
        int end = message.indexOf(": ");
        if (end < 0) {
            return message;
        }
        String setting = message.substring(0, end);
        ResolvedValue given = given(setting, command);
        return given == null ? message : given.subject() + message.substring(end);
    }

    private static @Nullable ResolvedValue given(String setting, CommandSpec command) {
        Settings settings = Settings.of(command);
        OptionSpec option = command.findOption("--" + setting);
        if (option != null) {
            return settings.resolvedValue(option);
        }
        return SettingNames.keys(command).contains(setting) ? settings.find(command, setting) : null;
    }
}
