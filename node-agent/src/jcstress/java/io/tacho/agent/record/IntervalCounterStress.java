// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** Every count is in exactly one interval, whenever the interval ends. */
@JCStressTest
@State
@Outcome(
        id = {"0, 3", "1, 2", "3, 0"},
        expect = Expect.ACCEPTABLE,
        desc = "each count is in one of both intervals")
public class IntervalCounterStress {

    private final IntervalCounter counter = new IntervalCounter();

    @Actor
    public void add() {
        counter.add(1);
        counter.add(2);
    }

    @Actor
    public void endInterval(JJ_Result result) {
        result.r1 = counter.takeInterval();
    }

    @Arbiter
    public void endLastInterval(JJ_Result result) {
        result.r2 = counter.takeInterval();
    }
}
