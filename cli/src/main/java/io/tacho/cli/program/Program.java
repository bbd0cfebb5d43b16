// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import io.tacho.cli.log.LogFormat;
import io.tacho.cli.log.LogLevel;
import io.tacho.cli.log.ProgramLog;
import io.tacho.text.Printable;
import io.tacho.text.Urls;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * Runs a picocli command with the conventions of all subcommands: every option {@code --some-name} is also the variable {@code
 * TACHO_SOME_NAME} and the key {@code some-name} of the configuration file. Invalid values are rejected, one line each, with their
 * origin, the found and the expected value. No message contains secrets.
 */
public final class Program {

    /** Exit status for an invalid command line or setting. */
    public static final int USAGE = 2;

    /** Exit status for a program that could not do its work. */
    public static final int FAILED = 1;

    private Program() {}

    /**
     * Runs the command with the process' environment.
     *
     * @return exit status
     */
    public static int run(Object command, String... arguments) {
        // events for a flight recorder cost a quarter of a second at the start
        setUnlessSet("io.lettuce.core.jfr", "false");
        setUnlessSet("io.netty.jfr.enabled", "false");
        setUnlessSet("jdk.tls.rejectClientInitiatedRenegotiation", "true");
        ProgramLog.selectProvider();
        StandardOutput out = StandardOutput.open();
        CommandLine line =
                commandLine(command, Utf8Process.environment()).setOut(out).setExecutionStrategy(Program::logAndRun);
        int status = line.execute(Utf8Process.arguments(arguments));
        return out.end(status, name(line), line.getErr());
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /** Returns the command line for a command in the given environment. */
    public static CommandLine commandLine(Object command, Map<String, String> environment) {
        CommandLine line = new CommandLine(command);
        addCommonOptions(line);
        converters().forEach((type, converter) -> register(line, type, converter));
        // a password may hold a dollar and a brace
        return line.setInterpolateVariables(false)
                .setDefaultValueProvider(new Settings(environment))
                .setParameterExceptionHandler(Program::reject)
                .setExecutionExceptionHandler((failure, failed, result) -> fail(failure, failed))
                .setUsageHelpLongOptionsMaxWidth(30)
                .setUsageHelpWidth(110);
    }

    /** {@return converters by the type of the option} */
    static Map<Class<?>, ITypeConverter<?>> converters() {
        // each of them made once: JDK 17 crashes when it archives two lambdas of one kind that are of picocli's Java 5
        // interfaces
        ITypeConverter<Integer> wholeNumber = Program::wholeNumber;
        ITypeConverter<Boolean> trueOrFalse = Program::trueOrFalse;
        ITypeConverter<Secret> secret = Secret::new;
        ITypeConverter<SecretFile> secretFile = path -> new SecretFile(Path.of(path));
        return Map.of(
                ByteSize.class,
                new ByteSize.Converter(),
                Duration.class,
                new DurationConverter(),
                Integer.class,
                wholeNumber,
                int.class,
                wholeNumber,
                Boolean.class,
                trueOrFalse,
                boolean.class,
                trueOrFalse,
                LogFormat.class,
                new LogFormat.Converter(),
                LogLevel.class,
                new LogLevel.Converter(),
                Secret.class,
                secret,
                SecretFile.class,
                secretFile);
    }

    @SuppressWarnings("unchecked")
    private static <T> void register(CommandLine line, Class<T> type, ITypeConverter<?> converter) {
        line.registerConverter(type, (ITypeConverter<T>) converter);
    }

    private static void addCommonOptions(CommandLine line) {
        line.addMixin("help", new HelpOptions());
        line.addMixin("log", new LogOptions());
        line.getSubcommands().values().forEach(Program::addCommonOptions);
    }

    private static Integer wholeNumber(String value) {
        try {
            return Integer.valueOf(value);
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + value + "' (expected: a whole number)");
        }
    }

    private static Boolean trueOrFalse(String value) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new TypeConversionException("'" + value + "' (expected: true or false)");
        };
    }

    private static int logAndRun(ParseResult parsed) {
        ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        CommandSpec command = last.commandSpec();
        LogOptions log = mixin(command, LogOptions.class);
        (log == null ? new LogOptions() : log).apply();
        Settings.of(command)
                .misspelledVariables(command)
                .forEach((variable, meant) -> logger().warn("{}: no such setting (expected: {}?)", variable, meant));
        return new RunLast().execute(parsed);
    }

    /** Returns the options of a class that are mixed into the command; null if it has none. */
    static <T> @Nullable T mixin(CommandSpec command, Class<T> options) {
        for (CommandSpec mixin : command.mixins().values()) {
            if (options.isInstance(mixin.userObject())) {
                return options.cast(mixin.userObject());
            }
        }
        return null;
    }

    /** Returns the logger; called after the log was set up. */
    private static Logger logger() {
        return LoggerFactory.getLogger(Program.class);
    }

    private static int reject(ParameterException failure, String[] arguments) {
        // the settings are checked below, by libraries that log
        new LogOptions().apply();
        CommandLine line = failure.getCommandLine();
        PrintWriter err = line.getErr();
        err.println(name(line) + ": " + printable(String.join("\n", CommandErrors.messages(failure, arguments))));
        err.println("Try '" + name(line) + " --help'.");
        return USAGE;
    }

    private static int fail(Exception failure, CommandLine line) {
        // the message names the invalid setting; that is all a user needs
        line.getErr().println(name(line) + ": " + printable(CommandErrors.message(failure, line.getCommandSpec())));
        return failure instanceof IllegalArgumentException ? USAGE : FAILED;
    }

    private static String printable(String message) {
        return Urls.maskedIn(message).lines().map(Printable::line).collect(Collectors.joining("\n"));
    }

    private static String name(CommandLine line) {
        return line.getCommandSpec().qualifiedName();
    }

    /** {@return the version that the build wrote into the jar} */
    public static String version() {
        String version = Program.class.getPackage().getImplementationVersion();
        return version == null ? "(unpacked)" : version;
    }

    /** The version line of a command. */
    public static final class Version implements IVersionProvider {

        @Spec
        private @Nullable CommandSpec command;

        @Override
        public String[] getVersion() {
            return new String[] {(command == null ? "tacho" : command.qualifiedName()) + " " + version()};
        }
    }
}
