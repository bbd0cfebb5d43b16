// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

/** A pattern in which {@code *} is any text and {@code ?} any character; takes a time that grows with text times pattern. */
public record Glob(String pattern) {

    /** Matches every text. */
    public static final Glob ANY = new Glob("*");

    /** Whether the whole text is of the pattern. */
    public boolean matches(String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int resume = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = t;
            } else if (p < pattern.length() && (pattern.charAt(p) == '?' || pattern.charAt(p) == text.charAt(t))) {
                p++;
                t++;
            } else if (star >= 0) {
                // the last star takes one character more
                p = star + 1;
                t = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
