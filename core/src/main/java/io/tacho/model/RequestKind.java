// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import java.util.Locale;

/** A kind of requests, with the fields that count and time them. */
public enum RequestKind {
    API(Field.NUM_API_REQUESTS, Field.TIME_API_MEAN, Field.TIME_API_MAX),
    CLIENT(Field.NUM_CLIENT_REQUESTS, Field.TIME_CLIENT_MEAN, Field.TIME_CLIENT_MAX);

    private final Field count;
    private final Field mean;
    private final Field max;

    RequestKind(Field count, Field mean, Field max) {
        this.count = count;
        this.mean = mean;
        this.max = max;
    }

    /** {@return the kind in lower case, as in names: {@code api}} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** {@return the number of requests} */
    public Field count() {
        return count;
    }

    /** {@return the mean duration} */
    public Field mean() {
        return mean;
    }

    /** {@return the longest duration} */
    public Field max() {
        return max;
    }

    /** {@return the common name of all durations of these requests: {@code time_api}} */
    public String timeName() {
        return "time_" + label();
    }

    /** {@return the wire name of the time spent since the start of the node: {@code time_api_sum}} */
    public String sumName() {
        return timeName() + "_sum";
    }
}
