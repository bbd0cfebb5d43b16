// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.cluster;

import io.tacho.model.WindowDetail;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.Encoded;
import org.jspecify.annotations.Nullable;

/** A kind of requests whose response times nodes ship as histograms. */
public enum RequestTimer {
    API("time_api", "server API response time"),
    CLIENT("time_client", "client API response time");

    private final String label;
    private final String description;

    RequestTimer(String label, String description) {
        this.label = label;
        this.description = description;
    }

    /** {@return the name, as in the API} */
    public String label() {
        return label;
    }

    String description() {
        return description;
    }

    @Nullable
    Encoded<DurationHistogram> histogram(WindowDetail detail) {
        return this == API ? detail.timeApi() : detail.timeClient();
    }
}
