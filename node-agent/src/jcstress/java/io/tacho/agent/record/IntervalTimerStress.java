// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** Every duration is in exactly one interval with its count, its sum and its maximum. */
@JCStressTest
@State
@Outcome(
        id = {
            "0 of 0 up to 0, 2 of 400 up to 300",
            "1 of 100 up to 100, 1 of 300 up to 300",
            "2 of 400 up to 300, 0 of 0 up to 0"
        },
        expect = Expect.ACCEPTABLE,
        desc = "each duration is in one of both intervals")
public class IntervalTimerStress {

    private final IntervalTimer timer = new IntervalTimer(false);

    @Actor
    public void record() {
        timer.record(100);
        timer.record(300);
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
        return interval.count() + " of " + interval.sum() + " up to " + interval.max();
    }
}
