// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import io.tacho.model.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The view settings that the user changes with keys.
 *
 * <p>Thread safety: confined to the thread that reads the keys.
 */
final class TopState {

    private static final Map<String, Column> SHORTCUTS = Map.of(
            "n", Column.NAME,
            "c", Column.of(Field.NUM_CLIENTS),
            "u", Column.of(Field.CPU_USAGE),
            "m", Column.of(Field.MEMORY_SYS),
            "p", Column.of(Field.NUM_MSG_PUBLISHED),
            "t", Column.of(Field.TIME_CLIENT_MAX));

    private final List<Column> columns;
    NodeSort sort;
    NodeFilter filter;
    /** First row in sight. */
    int first;

    boolean paused;
    boolean help;
    boolean done;
    /** The filter while it is typed. */
    @Nullable
    StringBuilder typed;
    /** The error of the last input. */
    @Nullable
    String problem;

    TopState(List<Column> columns, NodeSort sort, NodeFilter filter) {
        this.columns = columns;
        this.sort = sort;
        this.filter = filter;
    }

    /** Does what a key means; {@code page} is how many rows are in sight. */
    void press(String key, int page) {
        if (typed != null) {
            type(key, typed);
            return;
        }
        if (help) {
            help = false;
            return;
        }
        Column shortcut = SHORTCUTS.get(key);
        if (shortcut != null) {
            sort = shortcut.equals(sort.column()) ? sort.reversed() : NodeSort.by(shortcut);
            return;
        }
        switch (key) {
            case "q", Keyboard.END_OF_INPUT -> done = true;
            case "s" -> sort = sort.column() == null ? sort.reversed() : NodeSort.by(null);
            case "r" -> sort = sort.reversed();
            case "LEFT", "<" -> move(-1);
            case "RIGHT", ">" -> move(1);
            case "UP", "k" -> first--;
            case "DOWN", "j" -> first++;
            case "PAGE_UP" -> first -= page;
            case "PAGE_DOWN" -> first += page;
            case "HOME", "g" -> first = 0;
            case "END", "G" -> first = Integer.MAX_VALUE;
            case " " -> paused = !paused;
            case "/" -> typed = new StringBuilder(filter.toString());
            case "ESCAPE" -> filter = NodeFilter.ALL;
            case "h", "?" -> help = true;
            default -> {
                // no meaning
            }
        }
    }

    private void move(int by) {
        List<@Nullable Column> order = new ArrayList<>();
        order.add(null);
        order.addAll(columns);
        int next = Math.floorMod(order.indexOf(sort.column()) + by, order.size());
        sort = NodeSort.by(order.get(next));
    }

    private void type(String key, StringBuilder text) {
        switch (key) {
            case "ENTER" -> apply(text.toString());
            case "ESCAPE" -> {
                typed = null;
                problem = null;
            }
            case "BACKSPACE" -> text.setLength(text.length() == 0 ? 0 : text.offsetByCodePoints(text.length(), -1));
            case "CLEAR" -> text.setLength(0);
            case Keyboard.END_OF_INPUT -> done = true;
            default -> {
                if (key.codePointCount(0, key.length()) == 1) {
                    text.append(key);
                }
            }
        }
    }

    private void apply(String text) {
        try {
            filter = NodeFilter.parse(text);
            typed = null;
            problem = null;
            first = 0;
        } catch (IllegalArgumentException e) {
            problem = e.getMessage();
        }
    }
}
