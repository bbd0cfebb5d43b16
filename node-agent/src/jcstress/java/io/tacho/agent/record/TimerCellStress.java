// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJJ_Result;

/** A cell has one owner at a time, and its numbers are visible to the next owner. */
@JCStressTest
@State
@Outcome(
        id = {"1, 1, 2", "1, 0, 1", "0, 1, 1"},
        expect = Expect.ACCEPTABLE,
        desc = "an owner's update is visible; the other writer is second or finds the cell owned")
public class TimerCellStress {

    private final TimerCell cell = TimerCell.create(false);

    @Actor
    public void writer1(JJJ_Result result) {
        result.r1 = increment();
    }

    @Actor
    public void writer2(JJJ_Result result) {
        result.r2 = increment();
    }

    @Arbiter
    public void reader(JJJ_Result result) {
        result.r3 = cell.tryAcquire() ? cell.count : -1;
    }

    private long increment() {
        if (!cell.tryAcquire()) {
            return 0;
        }
        cell.count++;
        cell.release();
        return 1;
    }
}
