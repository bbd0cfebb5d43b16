// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.cluster;

import java.util.Locale;

/** A quantile of response times that is reported. */
public enum Quantile {
    P50(0.5),
    P90(0.9),
    P99(0.99),
    P999(0.999);

    private final double share;

    Quantile(double share) {
        this.share = share;
    }

    /** {@return the share of requests that took at most this time} */
    public double share() {
        return share;
    }

    /** {@return the name in lower case, as in the API} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
