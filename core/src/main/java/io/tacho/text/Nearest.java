// SPDX-License-Identifier: Apache-2.0
package io.tacho.text;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Finds the word that a misspelled one probably stands for. */
public final class Nearest {

    private Nearest() {}

    /** Returns the word with the smallest edit distance; null if all are further away than the maximum. */
    public static @Nullable String to(String misspelled, Collection<String> words, int maxDistance) {
        String nearest = null;
        int fewest = maxDistance + 1;
        for (String word : words) {
            int distance = distance(misspelled, word);
            if (distance < fewest) {
                fewest = distance;
                nearest = word;
            }
        }
        return nearest;
    }

    /** Returns the edit distance: the number of missing, extra, wrong and transposed letters. */
    static int distance(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] spare = beforeLast;
            beforeLast = last;
            last = row;
            row = spare;
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int wrong = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(last[j - 1] + wrong, Math.min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
        }
        return row[b.length()];
    }
}
