// SPDX-License-Identifier: Apache-2.0
package io.tacho.text;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Finds the word that was meant by a misspelt one. */
public final class Nearest {

    private Nearest() {}

    /** The word that is reached by the fewest slips; null if it takes more than that many. */
    public static @Nullable String to(String misspelt, Collection<String> words, int maxSlips) {
        String nearest = null;
        int fewest = maxSlips + 1;
        for (String word : words) {
            int slips = slips(misspelt, word);
            if (slips < fewest) {
                fewest = slips;
                nearest = word;
            }
        }
        return nearest;
    }

    /** Returns the edit distance: the number of missing, extra, wrong and transposed letters. */
    static int slips(String a, String b) {
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
