// SPDX-License-Identifier: Apache-2.0
package io.tacho.text;

import java.net.URI;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Masks the secrets of URLs. Every URL that a log, an error or a program's output shows passes through {@link #masked}. */
public final class Urls {

    /** Replaces a secret. */
    public static final String MASK = "***";

    /** Up to the last at-sign, because a password may contain unescaped ones; without a scheme, only {@code user:password@}. */
    private static final Pattern LOGIN = Pattern.compile("(?<=://)([^:@/]*:)?.*@|^([^\\s/:@]*:)(?!//)[^\\s@]*@");

    /** Members of a query that are no secrets: those of Redis URIs, and the format of metrics. */
    private static final Set<String> SHOWN = Set.of(
            "sentinelMasterId",
            "database",
            "timeout",
            "clientName",
            "libraryName",
            "libraryVersion",
            "verifyPeer",
            "format");

    /** A URL within a text, without the punctuation behind it. */
    private static final Pattern URL = Pattern.compile("\\b[A-Za-z][A-Za-z0-9+.-]*://\\S*[^\\s'\"),;:.]");

    private Urls() {}

    /** Returns a message in which every URL is {@linkplain #masked masked}, e.g. one of a library. */
    public static String maskedIn(String message) {
        return message.contains("://")
                ? URL.matcher(message).replaceAll(url -> Matcher.quoteReplacement(masked(url.group())))
                : message;
    }

    /** Returns the URL as text that may be shown. */
    public static String masked(URI url) {
        return masked(url.toString());
    }

    /**
     * Returns the text with {@value #MASK} for what may be a secret of a URL: the password (or the user, if there is only
     * one part), the values of the query except a few known ones, and the fragment. Other text is returned unchanged.
     */
    public static String masked(String url) {
        String text = LOGIN.matcher(url).replaceFirst("$1$2" + MASK + "@");
        boolean absolute = text.contains("://");
        int fragment = absolute ? text.indexOf('#') : -1;
        String base = fragment < 0 ? text : text.substring(0, fragment);
        String end = fragment < 0 ? "" : "#" + MASK;
        int question = base.indexOf('?');
        if (question < 0) {
            return base + end;
        }
        return Arrays.stream(base.substring(question + 1).split("&", -1))
                .map(member -> member(member, absolute))
                .collect(Collectors.joining("&", base.substring(0, question + 1), end));
    }

    private static String member(String member, boolean absolute) {
        int equals = member.indexOf('=');
        if (equals >= 0) {
            return SHOWN.contains(member.substring(0, equals)) ? member : member.substring(0, equals + 1) + MASK;
        }
        return absolute && !member.isEmpty() ? MASK : member;
    }
}
