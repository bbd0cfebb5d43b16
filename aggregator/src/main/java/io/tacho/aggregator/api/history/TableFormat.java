// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api.history;

import java.util.Locale;

/** The formats of a response with rows. */
public enum TableFormat {
    JSON("application/json"),
    /** RFC 4180, with a header. */
    CSV("text/csv"),
    /** A JSON object per line. */
    NDJSON("application/x-ndjson");

    private final String contentType;

    TableFormat(String contentType) {
        this.contentType = contentType;
    }

    /** {@return the value of the header Content-Type} */
    public String contentType() {
        return contentType;
    }

    /** {@return the format that a header Accept names first; JSON if it names none} */
    public static TableFormat of(String accept) {
        for (String range : accept.toLowerCase(Locale.ROOT).split(",", -1)) {
            String type = range.split(";", 2)[0].trim();
            for (TableFormat format : values()) {
                if (format.contentType.equals(type)) {
                    return format;
                }
            }
        }
        return JSON;
    }
}
