// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.cache;

import io.tacho.aggregator.api.StatsResponse;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.SnapshotCodec;
import io.tacho.store.StoredSnapshot;
import io.tacho.testing.Snapshots;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** A version that is replaced while it is leased stays valid, a change is in the next lease, and no reference is lost. */
@JCStressTest
@State
@Outcome(
        id = {"1, 2, 0", "2, 2, 0"},
        expect = Expect.ACCEPTABLE,
        desc = "the other reader has the old or the new version; all bytes are freed at the end")
public class LeaseReplaceStress {

    private static final StoredSnapshot OLD = Snapshots.stored("u1", 1);
    private static final StoredSnapshot NEW = Snapshots.stored("u1", 2);

    private final ClusterView view = new ClusterView(new SnapshotCodec(), () -> 0, 10);
    private final RetainedBodyBudget budget = new RetainedBodyBudget(System::nanoTime);
    private final CachedBody body;
    private volatile Lease read;
    private volatile Lease readAfterTheChange;

    public LeaseReplaceStress() {
        view.onLoaded(OLD);
        body = new CachedBody(new StatsResponse(view), null, budget, Runnable::run, () -> 0);
        body.acquire().release();
    }

    @Actor
    public void reader(III_Result result) {
        Lease lease = body.acquire();
        read = lease;
        result.r1 = lease.body().getByte(0) == '{' ? (int) lease.version() : -1;
        lease.release();
    }

    @Actor
    public void readerAfterAChange(III_Result result) {
        view.onLoaded(NEW);
        Lease lease = body.acquire();
        readAfterTheChange = lease;
        result.r2 = lease.body().getByte(0) == '{' ? (int) lease.version() : -1;
        lease.release();
    }

    @Arbiter
    public void references(III_Result result) {
        body.close();
        budget.close();
        result.r3 = read.body().refCnt() + readAfterTheChange.body().refCnt();
    }
}
