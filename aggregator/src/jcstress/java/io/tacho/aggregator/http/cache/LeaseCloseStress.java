// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.cache;

import io.tacho.aggregator.api.StatsResponse;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.SnapshotCodec;
import io.tacho.testing.Snapshots;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A lease that is taken while the body is closed is valid until its release, and the last release frees the bytes. */
@JCStressTest
@State
@Outcome(id = "123, 0", expect = Expect.ACCEPTABLE, desc = "the lease came first and its bytes were valid")
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "the body was closed first")
public class LeaseCloseStress {

    private static final StatsResponse STATS = stats();

    private final RetainedBodyBudget budget = new RetainedBodyBudget(System::nanoTime);
    private final CachedBody body = new CachedBody(STATS, null, budget, Runnable::run, () -> 0);
    private final Lease first = body.acquire();

    public LeaseCloseStress() {
        first.release();
    }

    private static StatsResponse stats() {
        ClusterView view = new ClusterView(new SnapshotCodec(), () -> 0, 10);
        view.onLoaded(Snapshots.stored("u1", 1));
        return new StatsResponse(view);
    }

    @Actor
    public void reader(II_Result result) {
        try {
            Lease lease = body.acquire();
            result.r1 = lease.body().getByte(0);
            lease.release();
        } catch (IllegalStateException closed) {
            result.r1 = 0;
        }
    }

    @Actor
    public void owner() {
        body.close();
    }

    @Arbiter
    public void references(II_Result result) {
        budget.close();
        result.r2 = first.body().refCnt();
    }
}
