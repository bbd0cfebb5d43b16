// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/** Finds the word that was meant by a misspelt one. */
final class Nearest {

    private static final int SLIPS = 2;

    private Nearest() {}

    /** E.g. {@code time_api_max?} where one is near, else all of them. */
    static String to(String misspelt, Collection<String> words) {
        Optional<Map.Entry<String, Integer>> nearest = words.stream()
                .map(word -> Map.entry(word, slips(misspelt, word)))
                .min(Comparator.comparing(Map.Entry::getValue));
        return nearest.filter(
                        found -> found.getValue() <= Math.min(SLIPS + misspelt.length() / 6, misspelt.length() / 2))
                .map(found -> "perhaps " + found.getKey())
                .orElseGet(() -> "one of " + String.join(", ", words));
    }

    /** How many letters are missing, too many or wrong. */
    private static int slips(String a, String b) {
        int[] last = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int wrong = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(last[j - 1] + wrong, Math.min(last[j], row[j - 1]) + 1);
            }
            last = row;
        }
        return last[b.length()];
    }
}
