// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.Encoded;
import io.tacho.sketch.HyperLogLog;
import org.jspecify.annotations.Nullable;

/**
 * The values of a window that can be merged with those of other nodes; null where the node ships none.
 *
 * @param timeApi histogram of the window's server API response times
 * @param timeClient histogram of the window's client API response times
 * @param users sketch of the distinct user ids connected
 * @param channels sketch of the distinct channels with a subscriber
 * @param extras values in addition to the 22 fields
 */
public record WindowDetail(
        @Nullable Encoded<DurationHistogram> timeApi,
        @Nullable Encoded<DurationHistogram> timeClient,
        @Nullable Encoded<HyperLogLog> users,
        @Nullable Encoded<HyperLogLog> channels,
        Extras extras) {

    /** The largest size of one of them. */
    public static final int MAX_BYTES = 24 * 1024;

    /** The detail of a node that ships none. */
    public static final WindowDetail NONE = new WindowDetail(null, null, null, null);

    /** @throws IllegalArgumentException naming the value that is too large */
    public WindowDetail {
        Checks.size("histograms.time_api", timeApi);
        Checks.size("histograms.time_client", timeClient);
        Checks.size("sketches.users", users);
        Checks.size("sketches.channels", channels);
    }

    /** Creates the detail of a node without extra values. */
    public WindowDetail(
            @Nullable Encoded<DurationHistogram> timeApi,
            @Nullable Encoded<DurationHistogram> timeClient,
            @Nullable Encoded<HyperLogLog> users,
            @Nullable Encoded<HyperLogLog> channels) {
        this(timeApi, timeClient, users, channels, Extras.NONE);
    }

    /** {@return the histogram of the response times of that kind; null if the node ships none} */
    public @Nullable Encoded<DurationHistogram> times(RequestKind requests) {
        return requests == RequestKind.API ? timeApi : timeClient;
    }

    /** {@return the detail with other values in addition to the 22 fields} */
    public WindowDetail withExtras(Extras values) {
        return new WindowDetail(timeApi, timeClient, users, channels, values);
    }

    /** {@return whether there is a histogram of request times or a sketch} */
    public boolean isOfWindow() {
        return timeApi != null || timeClient != null || users != null || channels != null;
    }

    /** {@return the detail without histograms and sketches: the extra values that are numbers} */
    public WindowDetail withoutHistograms() {
        Extras numbers = extras.withoutHistograms();
        return numbers.byName().isEmpty() ? NONE : new WindowDetail(null, null, null, null, numbers);
    }

    /** {@return the size of all values together, in their serialized form} */
    public int size() {
        return Encoded.size(timeApi)
                + Encoded.size(timeClient)
                + Encoded.size(users)
                + Encoded.size(channels)
                + extras.size();
    }
}
