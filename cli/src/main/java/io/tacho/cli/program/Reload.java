// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * Reads all settings of a running program again, as at the start, and runs the actions that apply them. An unreadable part stays
 * as it was.
 *
 * <p>Thread safety: safe. Options are read anew by the thread that reloads, and by no other once the program runs.
 */
public final class Reload {

    /** Takes up one kind of setting as it is now. */
    public interface Action {

        /**
         * Takes it up.
         *
         * @return what has changed, in words without secrets; empty for nothing
         * @throws IllegalArgumentException naming the setting, what was found and what was expected; nothing has changed then
         */
        String run();
    }

    private static final Logger logger = LoggerFactory.getLogger(Reload.class);

    private final CommandSpec command;
    private final Map<String, String> started;
    private final Set<String> covered = Collections.synchronizedSet(new HashSet<>());
    private final List<Action> actions = new CopyOnWriteArrayList<>();

    Reload(CommandSpec command) {
        this.command = command;
        started = Settings.of(command).inForce(command);
    }

    /**
     * Adds an action.
     *
     * @param settings which of the program's settings it takes up; for a change of any other, a restart is logged as needed
     */
    public Reload with(Action action, String... settings) {
        actions.add(action);
        covered.addAll(List.of(settings));
        return this;
    }

    synchronized void run() {
        CommandLine line = command.commandLine();
        String[] arguments = line.getParseResult().originalArgs().toArray(String[]::new);
        Settings before = Settings.of(command);
        try {
            line.setDefaultValueProvider(before.anew()).parseArgs(arguments);
        } catch (ParameterException e) {
            logger.warn("nothing reloaded, all stays as it was: {}", CommandErrors.message(e));
            return;
        }
        int changes = 0;
        for (Action action : actions) {
            changes += run(action) ? 1 : 0;
        }
        Set<String> waiting = waiting();
        if (!waiting.isEmpty()) {
            logger.warn("changed, but not taken up before the next start: {}", String.join(", ", waiting));
        } else if (changes == 0) {
            logger.info("reloaded: nothing has changed");
        }
    }

    /** Returns whether something was logged. */
    private boolean run(Action action) {
        try {
            String changed = action.run();
            if (changed.isEmpty()) {
                return false;
            }
            logger.info("reloaded: {}", changed);
        } catch (IllegalArgumentException e) {
            logger.warn("not reloaded, stays as it was: {}", CommandErrors.message(e, command));
        }
        return true;
    }

    /** The settings that another value is given than at the start, and that no action takes up. */
    private Set<String> waiting() {
        Map<String, String> now = Settings.of(command).inForce(command);
        Set<String> waiting = new TreeSet<>(now.keySet());
        waiting.addAll(started.keySet());
        waiting.removeIf(key -> covered.contains(key) || Objects.equals(started.get(key), now.get(key)));
        return waiting;
    }
}
