// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.statsd;

import java.util.ArrayList;
import java.util.List;

/**
 * One line of a StatsD packet: {@code name:value|type|@rate}. What DogStatsD adds is understood where it matters (several
 * values in one line) and left out where it does not (tags, container ids, timestamps).
 *
 * @param values at least one, as they were sent: of a gauge a sign makes a difference
 * @param rate how much of what happened was sent, over 0 to 1
 */
record StatsdLine(String name, List<String> values, StatsdType type, double rate) {

    /** The largest length; longer lines are rejected. */
    static final int MAX_LENGTH = 8 * 1024;

    /** @throws Rejected if it is no metric */
    static StatsdLine parse(String line) throws Rejected {
        if (line.length() > MAX_LENGTH) {
            throw new Rejected(Rejected.Reason.MALFORMED);
        }
        if (line.startsWith("_e{") || line.startsWith("_sc|")) {
            throw new Rejected(Rejected.Reason.NO_METRIC);
        }
        List<String> parts = split(line, '|');
        int colon = parts.get(0).indexOf(':');
        if (parts.size() < 2 || colon < 1 || colon == parts.get(0).length() - 1) {
            throw new Rejected(Rejected.Reason.MALFORMED);
        }
        double rate = 1;
        for (String part : parts.subList(2, parts.size())) {
            if (part.startsWith("@")) {
                rate = rate(part.substring(1));
            }
        }
        String name = parts.get(0).substring(0, colon);
        int tags = name.indexOf(',');
        if (tags == 0) {
            throw new Rejected(Rejected.Reason.MALFORMED);
        }
        return new StatsdLine(
                tags < 0 ? name : name.substring(0, tags),
                split(parts.get(0).substring(colon + 1), ':'),
                type(parts.get(1)),
                rate);
    }

    private static StatsdType type(String letters) throws Rejected {
        return switch (letters) {
            case "c", "m" -> StatsdType.COUNTER;
            case "g" -> StatsdType.GAUGE;
            case "ms", "h", "d" -> StatsdType.TIMER;
            case "s" -> StatsdType.SET;
            default -> throw new Rejected(Rejected.Reason.UNKNOWN_TYPE);
        };
    }

    private static double rate(String text) throws Rejected {
        double rate = number(text, Rejected.Reason.BAD_RATE);
        if (rate <= 0 || rate > 1) {
            throw new Rejected(Rejected.Reason.BAD_RATE);
        }
        return rate;
    }

    /** A finite number as people write it. */
    static double number(String text, Rejected.Reason otherwise) throws Rejected {
        // Java would also take 1d, 0x1p3 and NaN
        boolean plain = !text.isEmpty() && text.chars().allMatch(c -> "0123456789+-.eE".indexOf(c) >= 0);
        try {
            double number = plain ? Double.parseDouble(text) : Double.NaN;
            if (Double.isFinite(number)) {
                return number;
            }
        } catch (NumberFormatException e) {
            // rejected below
        }
        throw new Rejected(otherwise);
    }

    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>(4);
        int start = 0;
        for (int end = text.indexOf(separator); end >= 0; end = text.indexOf(separator, start)) {
            parts.add(text.substring(start, end));
            start = end + 1;
        }
        parts.add(text.substring(start));
        return parts;
    }
}
