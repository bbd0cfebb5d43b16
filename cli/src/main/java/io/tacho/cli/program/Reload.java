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
 * Reads all settings of a running program again, as at the start, and runs the actions that apply them. An invalid setting keeps its
 * value.
 *
 * <p>Thread safety: safe. After the start, only the reloading thread reads the options.
 */
public final class Reload {

    /** Applies the current value of some settings. */
    public interface Action {

        /**
         * Applies the settings.
         *
         * @return a description of the changes, without secrets; empty if nothing has changed
         * @throws IllegalArgumentException naming the setting, what was found and what was expected; nothing has changed then
         */
        String run();
    }

    private static final Logger logger = LoggerFactory.getLogger(Reload.class);

    private final CommandSpec command;
    private final Map<String, String> started;
    private final Set<String> applied = Collections.synchronizedSet(new HashSet<>());
    private final List<Action> actions = new CopyOnWriteArrayList<>();

    Reload(CommandSpec command) {
        this.command = command;
        started = Settings.of(command).effectiveFileValues(command);
    }

    /**
     * Adds an action.
     *
     * @param settings the settings that the action applies; for a change of any other setting, the log states that a restart is needed
     */
    public Reload with(Action action, String... settings) {
        actions.add(action);
        applied.addAll(List.of(settings));
        return this;
    }

    synchronized void run() {
        CommandLine line = command.commandLine();
        String[] arguments = line.getParseResult().originalArgs().toArray(String[]::new);
        Settings before = Settings.of(command);
        try {
            line.setDefaultValueProvider(before.reread().provider()).parseArgs(arguments);
        } catch (ParameterException e) {
            logger.warn("nothing reloaded, all stays as it was: {}", CommandErrors.message(e));
            return;
        }
        int changes = 0;
        for (Action action : actions) {
            changes += run(action) ? 1 : 0;
        }
        Set<String> unapplied = unapplied();
        if (!unapplied.isEmpty()) {
            logger.warn("changed, but not taken up before the next start: {}", String.join(", ", unapplied));
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

    /** Returns the settings of the file whose value has changed since the start and that no action applies. */
    private Set<String> unapplied() {
        Map<String, String> now = Settings.of(command).effectiveFileValues(command);
        Set<String> unapplied = new TreeSet<>(now.keySet());
        unapplied.addAll(started.keySet());
        unapplied.removeIf(key -> applied.contains(key) || Objects.equals(started.get(key), now.get(key)));
        return unapplied;
    }
}
