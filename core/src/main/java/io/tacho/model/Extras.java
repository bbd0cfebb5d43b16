// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import io.tacho.sketch.Encoded;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The extra values of a node, by name. A name may have labels, as in Prometheus: {@code disconnects{code="3008"}}.
 *
 * @param byName ordered by name
 */
public record Extras(Map<String, Extra> byName) {

    /** The largest number of extra values of a node. */
    public static final int MAX_EXTRAS = 64;

    /** The largest length of a name with its labels. */
    public static final int MAX_NAME_LENGTH = 128;

    /** No extra values. */
    public static final Extras NONE = new Extras(Map.of());

    /** Suffixes and labels that Prometheus' exposition uses itself are no part of a name. */
    private static final String LABEL =
            "(?!(?:__|(?:node|uid|quantile|le)=))[a-zA-Z_][a-zA-Z0-9_]{0,62}=\"[^\"\\\\\\p{Cntrl}]{0,64}\"";

    private static final Pattern NAME =
            Pattern.compile("[a-z][a-z0-9_]{0,62}(?<!_total|_created|_bucket|_count|_sum|_info)(?:\\{" + LABEL + "(?:,"
                    + LABEL + "){0,3}})?");
    private static final String NAME_TEXT = "lower-case letters, digits and _, from a letter on, at most 63, without"
            + " _total, _created, _bucket, _count, _sum or _info at the end; and at most 4 labels, disconnects{code=\"3008\"},"
            + " other than node, uid, quantile and le";
    private static final Pattern ONE_LABEL = Pattern.compile("([a-zA-Z0-9_]+)=\"([^\"]*)\"");

    /** Names that passed the check, each text once: all nodes of a cluster have much the same. */
    private static final Map<String, String> VALID = new ConcurrentHashMap<>();

    private static final int MAX_VALID = 10_000;

    /** The estimated memory of a value and its entry in a map. */
    private static final int BYTES_OF_A_VALUE = 120;

    /** @throws IllegalArgumentException if there are more than {@link #MAX_EXTRAS}, or a name is invalid */
    public Extras {
        Checks.between("number of extras", byName.size(), 0, MAX_EXTRAS);
        byName.keySet().forEach(Extras::requireName);
        byName = byName.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(byName));
    }

    /**
     * Checks a name: lower-case letters, digits and underscores, perhaps with labels in the order of their names.
     *
     * @return the name, the same text for equal names
     * @throws IllegalArgumentException if no extra value can have it
     */
    public static String requireName(String name) {
        String valid = VALID.get(name);
        if (valid != null) {
            return valid;
        }
        Checks.between("extras: length of a name", name.length(), 1, MAX_NAME_LENGTH);
        Checks.matches("extras", name, NAME, NAME_TEXT);
        String before = "";
        Matcher label = ONE_LABEL.matcher(name.substring(family(name).length()));
        while (label.find()) {
            if (label.group(1).compareTo(before) <= 0) {
                throw new IllegalArgumentException(
                        "extras: name '" + name + "' (expected: labels in the order of their names)");
            }
            before = label.group(1);
        }
        if (VALID.size() < MAX_VALID) {
            VALID.put(name, name);
        }
        return name;
    }

    /** {@return a name without its labels} */
    public static String family(String name) {
        int labels = name.indexOf('{');
        return labels < 0 ? name : name.substring(0, labels);
    }

    /** {@return the labels of a name, ordered by theirs} */
    public static Map<String, String> labels(String name) {
        Map<String, String> labels = new TreeMap<>();
        Matcher label = ONE_LABEL.matcher(name.substring(family(name).length()));
        while (label.find()) {
            labels.put(label.group(1), label.group(2));
        }
        return labels;
    }

    /** {@return these and others; of two with the same name the other one; those beyond the limit are left out} */
    public Extras with(Extras others) {
        if (others.byName.isEmpty()) {
            return this;
        }
        if (byName.isEmpty()) {
            return others;
        }
        Map<String, Extra> all = new TreeMap<>(byName);
        others.byName.forEach((name, extra) -> {
            if (all.size() < MAX_EXTRAS || all.containsKey(name)) {
                all.put(name, extra);
            }
        });
        return new Extras(all);
    }

    /** {@return the values that are numbers} */
    Extras withoutHistograms() {
        Map<String, Extra> numbers = new TreeMap<>(byName);
        numbers.values().removeIf(extra -> extra.durations() != null);
        return new Extras(numbers);
    }

    /** {@return the values as a window that covers a part of the interval contributes to the cluster} */
    Extras weighted(double weight) {
        Map<String, Extra> weighted = new TreeMap<>(byName);
        weighted.replaceAll((name, extra) -> extra.weighted(weight));
        return new Extras(weighted);
    }

    /** {@return the estimated memory, bytes} */
    public long memoryBytes() {
        return memoryBytes(byName);
    }

    /** {@return the estimated memory of values, bytes; their names are those of many windows and nodes} */
    static long memoryBytes(Map<String, Extra> extras) {
        long bytes = 0;
        for (Extra extra : extras.values()) {
            bytes += BYTES_OF_A_VALUE + Encoded.size(extra.durations());
        }
        return bytes;
    }

    /** {@return the size of all histograms together, in their serialized form} */
    int size() {
        int size = 0;
        for (Extra extra : byName.values()) {
            size += Encoded.size(extra.durations());
        }
        return size;
    }

    /**
     * The extra values of a window of the cluster, each merged over the nodes by its rule.
     *
     * @param byName ordered by name; without totals
     * @param leftOut number of values of nodes that are not contained, because the window has reached its size
     */
    public record Merged(Map<String, Extra> byName, long leftOut) {

        /** The largest number of names in a window. */
        public static final int MAX_NAMES = 256;

        /** The largest size of all names and histograms together, with {@link #BYTES_OF_A_NAME} more for each name. */
        static final int MAX_BYTES = 64 * 1024;

        private static final int BYTES_OF_A_NAME = 256;

        /** No extra values. */
        public static final Merged NONE = new Merged(Map.of(), 0);

        /** @throws IllegalArgumentException if there are more than {@link #MAX_NAMES}, or a name is invalid */
        public Merged {
            Checks.between("number of extras", byName.size(), 0, MAX_NAMES);
            byName.keySet().forEach(Extras::requireName);
            Checks.count("extras_left_out", leftOut);
            byName = byName.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(byName));
        }

        /**
         * Returns these merged with the values of another part of the window. Values whose rule is unknown are ignored. Left out are values
         * that would make these larger than {@link #MAX_BYTES}, and those whose kind or rule differs from the one of the name here.
         */
        public Merged with(Map<String, Extra> others) {
            if (others.isEmpty()) {
                return this;
            }
            Map<String, Extra> merged = new TreeMap<>(byName);
            long bytes = 0;
            for (Map.Entry<String, Extra> extra : byName.entrySet()) {
                bytes += bytes(extra.getKey(), extra.getValue());
            }
            long missing = leftOut;
            for (Map.Entry<String, Extra> other : others.entrySet()) {
                String name = other.getKey();
                Extra extra = other.getValue();
                Extra known = merged.get(name);
                if (!extra.isMergeable()) {
                    continue;
                }
                Extra sum = known != null && known.isSameAs(extra) ? known.mergedWith(extra) : extra.withoutTotal();
                long grows = (long) bytes(name, sum) - (known == null ? 0 : bytes(name, known));
                if ((known == null || known.isSameAs(extra)) && (grows <= 0 || bytes + grows <= MAX_BYTES)) {
                    merged.put(name, sum);
                    bytes += grows;
                } else {
                    missing++;
                }
            }
            return new Merged(merged, Math.min(missing, Checks.MAX_VALUE));
        }

        private static int bytes(String name, Extra extra) {
            return BYTES_OF_A_NAME + name.length() + Encoded.size(extra.durations());
        }

        /** {@return these, of which more values are left out} */
        public Merged withLeftOut(long more) {
            return new Merged(byName, Math.min(leftOut + more, Checks.MAX_VALUE));
        }

        /** {@return the estimated memory, bytes} */
        long memoryBytes() {
            return Extras.memoryBytes(byName);
        }
    }
}
