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

    private static final int NONE = -1;
    /** Below all rows: the next frame has the last one instead. */
    private static final int LAST = Integer.MAX_VALUE / 2;

    private static final Map<String, Column> SHORTCUTS = Map.of(
            "n", Column.NAME,
            "c", Column.of(Field.NUM_CLIENTS),
            "u", Column.of(Field.CPU_USAGE),
            "m", Column.of(Field.MEMORY_SYS),
            "p", Column.of(Field.NUM_MSG_PUBLISHED),
            "t", Column.of(Field.TIME_CLIENT_MAX));

    /** From left to right, as many as there is room for. */
    List<Column> columns;

    NodeSort sort;
    NodeFilter filter;
    /** First row in sight. */
    int first;
    /** The selected row; -1 for none. */
    int cursor = NONE;
    /** The uid of the selected node, set when the rows are drawn; null for none. */
    @Nullable
    String selectedUid;
    /** The uid of the node whose details are shown; null for none. */
    @Nullable
    String detailUid;

    boolean paused;
    boolean help;
    boolean done;
    /** The filter, or the list of columns, while it is typed. */
    @Nullable
    StringBuilder typed;
    /** True while columns are typed, not a filter. */
    boolean typesColumns;
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
        if (help || detailUid != null) {
            help = false;
            detailUid = null;
            done |= key.equals(Keyboard.END_OF_INPUT);
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
            case "UP", "k" -> cursor = Math.max(0, cursor - 1);
            case "DOWN", "j" -> cursor++;
            case "PAGE_UP" -> scroll(-page);
            case "PAGE_DOWN" -> scroll(page);
            case "HOME", "g" -> scroll(-first - Math.max(0, cursor));
            case "END", "G" -> {
                first = LAST;
                cursor = cursor == NONE ? NONE : LAST;
            }
            case "ENTER" -> detailUid = selectedUid;
            case " " -> paused = !paused;
            case "/" -> {
                typesColumns = false;
                typed = new StringBuilder(filter.toString());
            }
            case "v" -> {
                typesColumns = true;
                typed = new StringBuilder();
            }
            case "ESCAPE" -> filter = NodeFilter.ALL;
            case "h", "?" -> help = true;
            default -> {
                // no meaning
            }
        }
    }

    private void scroll(int by) {
        first = Math.max(0, first + by);
        cursor = cursor == NONE ? NONE : Math.max(0, cursor + by);
    }

    /** Keeps the selected row among the rows, and in sight; without a selected one {@code ENTER} is about the first row in sight. */
    void fit(int rows, int inSight) {
        if (cursor != NONE) {
            cursor = Math.max(0, Math.min(cursor, rows - 1));
            first = Math.max(Math.min(first, cursor), cursor - inSight + 1);
        }
        first = Math.max(0, Math.min(first, rows - inSight));
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
            if (typesColumns) {
                columns = text.isBlank() ? Column.DEFAULT : Column.list(text);
            } else {
                filter = NodeFilter.parse(text);
                cursor = NONE;
            }
            typed = null;
            problem = null;
            first = 0;
        } catch (IllegalArgumentException e) {
            problem = e.getMessage();
        }
    }
}
