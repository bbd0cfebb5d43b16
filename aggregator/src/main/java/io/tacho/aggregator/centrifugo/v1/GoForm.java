// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.centrifugo.v1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tacho.text.PercentEncoding;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A form, parsed like Go's {@code Request.FormValue}: members of an encoded body precede those of the query, which precede the
 * parts of a multipart body. Malformed members are skipped. Values are bytes, because they may not be UTF-8.
 */
public final class GoForm {

    private static final byte[] NONE = new byte[0];
    private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");

    private final Map<String, byte[]> members = new LinkedHashMap<>();

    private GoForm() {}

    public static GoForm of(String method, byte[] body, String rawQuery, String contentType) {
        GoForm form = new GoForm();
        GoMediaType type = GoMediaType.parse(contentType);
        if (WITH_BODY.contains(method) && type.type().equals("application/x-www-form-urlencoded")) {
            form.add(new String(body, ISO_8859_1));
        }
        form.add(rawQuery);
        String boundary = type.parameters().get("boundary");
        if (type.type().equals("multipart/form-data") && boundary != null) {
            form.addParts(new GoMultipart(new String(body, ISO_8859_1), boundary));
        }
        return form;
    }

    /** Returns the first value of that name, or an empty array. */
    public byte[] first(String name) {
        return members.getOrDefault(name, NONE);
    }

    private void add(String encoded) {
        for (String pair : encoded.split("&", -1)) {
            int equals = pair.indexOf('=');
            byte[] name = PercentEncoding.decodeBytes(equals < 0 ? pair : pair.substring(0, equals), true);
            byte[] value = equals < 0 ? NONE : PercentEncoding.decodeBytes(pair.substring(equals + 1), true);
            if (name != null && value != null && !pair.isEmpty() && pair.indexOf(';') < 0) {
                members.putIfAbsent(new String(name, ISO_8859_1), value);
            }
        }
    }

    private void addParts(GoMultipart parts) {
        Map<String, byte[]> values = new LinkedHashMap<>();
        if (parts.read((name, value) -> values.putIfAbsent(name, value.getBytes(ISO_8859_1)))) {
            values.forEach(members::putIfAbsent);
        }
    }
}
