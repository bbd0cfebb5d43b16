// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Runs a picocli command the way all of Tacho's programs run: every option {@code --some-name} has a twin
 * {@code TACHO_SOME_NAME} in the environment, a wrong value is refused in one line that says what was found and what was
 * expected, and nothing shows what the environment holds.
 */
public final class Program {

    /** Exit status for a command line or setting that cannot be. */
    public static final int USAGE = 2;

    /** Exit status for a program that could not do its work. */
    public static final int FAILED = 1;

    private static final String ENVIRONMENT_PREFIX = "TACHO_";

    private Program() {}

    /**
     * Runs the command with the process' environment.
     *
     * @return exit status
     */
    public static int run(Object command, String... arguments) {
        ProgramLog.configure();
        // events for a flight recorder cost a quarter of a second at the start
        setUnlessSet("io.lettuce.core.jfr", "false");
        setUnlessSet("io.netty.jfr.enabled", "false");
        return commandLine(command, System.getenv()).execute(arguments);
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /** The command line for a command in the given environment. */
    public static CommandLine commandLine(Object command, Map<String, String> environment) {
        return new CommandLine(command)
                .registerConverter(Duration.class, new DurationConverter())
                .setDefaultValueProvider(new EnvironmentTwins(environment))
                .setParameterExceptionHandler((failure, arguments) -> refuse(failure))
                .setExecutionExceptionHandler((failure, line, result) -> fail(failure, line))
                .setUsageHelpLongOptionsMaxWidth(30)
                .setUsageHelpWidth(110);
    }

    /** The environment variable that stands for an option, e.g. {@code TACHO_METRICS_INTERVAL}. */
    static String environmentName(OptionSpec option) {
        return environmentName(option.longestName().substring(2));
    }

    /** The environment variable for a setting that has no option, e.g. a secret. */
    static String environmentName(String setting) {
        return ENVIRONMENT_PREFIX + setting.replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /** The environment that the command line was given. */
    static Map<String, String> environment(CommandLine line) {
        return line.getDefaultValueProvider() instanceof EnvironmentTwins twins ? twins.environment() : Map.of();
    }

    private static int refuse(ParameterException failure) {
        CommandLine line = failure.getCommandLine();
        PrintWriter err = line.getErr();
        err.println(name(line) + ": " + failure.getMessage());
        UnmatchedArgumentException.printSuggestions(failure, err);
        err.println("Try '" + name(line) + " --help'.");
        return USAGE;
    }

    private static int fail(Exception failure, CommandLine line) {
        // a setting that cannot be says so in its message; that is all a user needs
        line.getErr().println(name(line) + ": " + failure.getMessage());
        return failure instanceof IllegalArgumentException ? USAGE : FAILED;
    }

    private static String name(CommandLine line) {
        return line.getCommandSpec().qualifiedName();
    }

    private record EnvironmentTwins(Map<String, String> environment) implements IDefaultValueProvider {

        @Override
        public @Nullable String defaultValue(ArgSpec argument) {
            return argument instanceof OptionSpec option ? environment.get(environmentName(option)) : null;
        }
    }

    /** The version that the build wrote into the jar. */
    public static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            String version = Program.class.getPackage().getImplementationVersion();
            return new String[] {"${COMMAND-FULL-NAME} " + (version == null ? "(unpacked)" : version)};
        }
    }
}
