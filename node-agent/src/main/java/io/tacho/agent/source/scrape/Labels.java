// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.scrape;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The labels of one series, in the order of their names. There may be tens of thousands of label sets with few different texts,
 * so each text is kept once.
 *
 * <p>Thread safety: immutable.
 */
public final class Labels {

    static final Labels NONE = new Labels(new String[0]);

    /** Name, value, name, value, … */
    private final String[] texts;

    private Labels(String[] texts) {
        this.texts = texts;
    }

    /** {@return the labels of a map} */
    public static Labels of(Map<String, String> labels) {
        String[] texts = new String[labels.size() * 2];
        int at = 0;
        for (Map.Entry<String, String> label : new TreeMap<>(labels).entrySet()) {
            texts[at++] = label.getKey().intern();
            texts[at++] = label.getValue().intern();
        }
        return new Labels(texts);
    }

    /** {@return the value of a label; null if there is none of that name} */
    public @Nullable String get(String name) {
        int at = find(name);
        return at < 0 ? null : texts[at + 1];
    }

    /** {@return these labels without one of them} */
    public Labels without(String name) {
        int at = find(name);
        if (at < 0) {
            return this;
        }
        String[] others = new String[texts.length - 2];
        System.arraycopy(texts, 0, others, 0, at);
        System.arraycopy(texts, at + 2, others, at, others.length - at);
        return new Labels(others);
    }

    private int find(String name) {
        for (int i = 0; i < texts.length; i += 2) {
            if (texts[i].equals(name)) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Labels labels && Arrays.equals(texts, labels.texts);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(texts);
    }

    @Override
    public String toString() {
        return Arrays.toString(texts);
    }
}
