// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import io.tacho.cli.log.ProgramLog;
import io.tacho.text.Printable;
import io.tacho.text.Urls;
import java.io.PrintWriter;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.Spec;

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

    private static final Conventions CONVENTIONS = new Conventions();

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
                commandLine(command, Utf8Process.environment()).setOut(out).setExecutionStrategy(CONVENTIONS);
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
        Converters.all().forEach((type, converter) -> register(line, type, converter));
        // a password may hold a dollar and a brace
        return line.setInterpolateVariables(false)
                .setDefaultValueProvider(new Settings(environment).provider())
                .setParameterExceptionHandler(CONVENTIONS)
                .setExecutionExceptionHandler(CONVENTIONS)
                .setUsageHelpLongOptionsMaxWidth(30)
                .setUsageHelpWidth(110);
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

    /** A class and not lambdas, as {@link Converters} are. */
    private static final class Conventions
            implements IExecutionStrategy, IParameterExceptionHandler, IExecutionExceptionHandler {

        @Override
        public int execute(ParseResult parsed) {
            return logAndRun(parsed);
        }

        @Override
        public int handleParseException(ParameterException failure, String[] arguments) {
            return reject(failure, arguments);
        }

        @Override
        public int handleExecutionException(Exception failure, CommandLine line, ParseResult parsed) {
            return fail(failure, line);
        }
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
