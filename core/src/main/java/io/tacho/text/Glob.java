// SPDX-License-Identifier: Apache-2.0
package io.tacho.text;

/** A pattern in which {@code *} matches any text and {@code ?} any one character. Matching takes O(text × pattern) time. */
public record Glob(String pattern) {

    /** The pattern that matches every text. */
    public static final Glob ANY = new Glob("*");

    /** Returns true if the pattern matches the whole text. */
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
                // let the last star match one more character
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
