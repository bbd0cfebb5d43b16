// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.centrifugo.v1;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Content-Type or Content-Disposition, parsed like Go's mime package.
 *
 * @param type in lower case; empty if it is malformed
 * @param parameters by name in lower case; empty if one of them is malformed
 */
record GoMediaType(String type, Map<String, String> parameters) {

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final Pattern TYPE = Pattern.compile(TOKEN + "(/" + TOKEN + ")?");
    /** A quoted value is matched without backtracking, which would take one level of the stack per character. */
    private static final Pattern PARAMETER =
            Pattern.compile("\\s*;\\s*(" + TOKEN + ")\\s*=\\s*(?:(" + TOKEN + ")|\"((?:[^\"\\\\\r\n]|\\\\.)*+)\")");

    static GoMediaType parse(String header) {
        int semicolon = header.indexOf(';');
        String type = (semicolon < 0 ? header : header.substring(0, semicolon)).trim();
        if (!TYPE.matcher(type).matches()) {
            return new GoMediaType("", Map.of());
        }
        Map<String, String> parameters = new HashMap<>();
        String rest = semicolon < 0 ? "" : header.substring(semicolon);
        Matcher matcher = PARAMETER.matcher(rest);
        int end = 0;
        boolean repeated = false;
        while (matcher.find(end) && matcher.start() == end) {
            String quoted = matcher.group(3);
            String value = quoted == null ? matcher.group(2) : quoted.replaceAll("\\\\(.)", "$1");
            repeated |= parameters.put(matcher.group(1).toLowerCase(Locale.ROOT), value) != null;
            end = matcher.end();
        }
        if (repeated) {
            return new GoMediaType("", Map.of());
        }
        boolean whole = rest.substring(end).matches("[\\s;]*");
        return new GoMediaType(type.toLowerCase(Locale.ROOT), whole ? parameters : Map.of());
    }
}
