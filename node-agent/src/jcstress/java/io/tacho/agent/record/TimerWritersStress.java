// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** Two writers at the same time lose no recording, whether they share a cell or not. */
@JCStressTest
@State
@Outcome(id = "2, 400", expect = Expect.ACCEPTABLE, desc = "both durations are counted and added")
public class TimerWritersStress {

    private final IntervalTimer timer = new IntervalTimer(false);

    @Actor
    public void writer1() {
        timer.record(100);
    }

    @Actor
    public void writer2() {
        timer.record(300);
    }

    @Arbiter
    public void total(JJ_Result result) {
        IntervalTimer.Totals totals = timer.totals();
        result.r1 = totals.count();
        result.r2 = totals.sum();
    }
}
