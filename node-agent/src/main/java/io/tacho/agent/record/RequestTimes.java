// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.Encoded;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one kind in one metrics interval: their number and their durations.
 *
 * @param count the number of requests
 * @param sum the time spent on all requests together, nanoseconds
 * @param mean the mean duration, nanoseconds
 * @param max the longest duration, nanoseconds
 * @param histogram the durations; null if there were none, or no histogram is kept
 */
public record RequestTimes(
        long count, long sum, long mean, long max, @Nullable Encoded<DurationHistogram> histogram) {

    /** Returns the requests that a timer has measured. */
    static RequestTimes of(IntervalTimer.Interval interval) {
        return new RequestTimes(interval.count(), interval.sum(), interval.mean(), interval.max(), null)
                .withHistogram(interval.histogram());
    }

    /** Returns these requests with the distribution of their durations. */
    RequestTimes withHistogram(@Nullable DurationHistogram durations) {
        return new RequestTimes(count, sum, mean, max, durations == null ? null : durations.encoded());
    }

    /** Returns these requests and further ones without durations. */
    RequestTimes withMore(long further) {
        return new RequestTimes(RecordedInterval.bounded(count) + further, sum, mean, max, histogram);
    }
}
