// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.cluster;

import java.util.Locale;

/** The quantiles of response times that are reported. */
public enum Quantile {
    P50(0.5),
    P90(0.9),
    P99(0.99),
    P999(0.999);

    private final double share;

    Quantile(double share) {
        this.share = share;
    }

    /** {@return the share of requests that take at most this time, 0 to 1} */
    public double share() {
        return share;
    }

    /** {@return the name in lower case, as in the API} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
