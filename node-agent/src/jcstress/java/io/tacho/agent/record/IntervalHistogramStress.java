// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

import io.tacho.sketch.DurationHistogram;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** Every duration is in the histogram of exactly the interval that counts it, although buckets are exchanged meanwhile. */
@JCStressTest
@State
@Outcome(
        id = {"0=0, 2=2", "1=1, 1=1", "2=2, 0=0"},
        expect = Expect.ACCEPTABLE,
        desc = "each interval's histogram has as many durations as the interval")
public class IntervalHistogramStress {

    private final IntervalTimer timer = new IntervalTimer(true);

    @Actor
    public void record() {
        timer.record(100);
        timer.record(1_000_000);
    }

    @Actor
    public void endInterval(LL_Result result) {
        result.r1 = text(timer.takeInterval());
    }

    @Arbiter
    public void endLastInterval(LL_Result result) {
        result.r2 = text(timer.takeInterval());
    }

    private static String text(IntervalTimer.Interval interval) {
        DurationHistogram histogram = interval.histogram();
        return interval.count() + "=" + (histogram == null ? 0 : histogram.count());
    }
}
