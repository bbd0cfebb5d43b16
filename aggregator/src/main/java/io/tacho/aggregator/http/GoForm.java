// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A form as Go reads it: members of the body before those of the query, and what is broken is left out. Values are bytes, for
 * they need not be UTF-8.
 */
final class GoForm {

    private static final byte[] NONE = new byte[0];

    private final Map<String, byte[]> members = new LinkedHashMap<>();

    private GoForm() {}

    /** @param contentType in lower case */
    static GoForm of(Request request, String contentType) {
        GoForm form = new GoForm();
        if (request.method().equals("POST") && contentType.startsWith("application/x-www-form-urlencoded")) {
            form.add(new String(request.body(), ISO_8859_1));
        }
        form.add(request.rawQuery());
        return form;
    }

    /** The first value of that name; empty where there is none. */
    byte[] first(String name) {
        return members.getOrDefault(name, NONE);
    }

    private void add(String encoded) {
        for (String pair : encoded.split("&", -1)) {
            int equals = pair.indexOf('=');
            byte[] name = Percent.decodeBytes(equals < 0 ? pair : pair.substring(0, equals), true);
            byte[] value = equals < 0 ? NONE : Percent.decodeBytes(pair.substring(equals + 1), true);
            if (name != null && value != null && !pair.isEmpty() && pair.indexOf(';') < 0) {
                members.putIfAbsent(new String(name, ISO_8859_1), value);
            }
        }
    }
}
