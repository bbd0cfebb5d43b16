// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import io.netty.util.concurrent.FastThreadLocal;
import io.tacho.aggregator.api.ReadyResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /stats}: from the shared answer. */
final class StatsEndpoint implements Endpoint {

    private record Cached(StatsBodies.Version version, SharedAnswer answer) {}

    private final StatsBodies bodies;
    private final ReadyResponse ready;

    /** Each event loop has its own head to the shared body. */
    private final FastThreadLocal<@Nullable Cached> cached = new FastThreadLocal<>() {
        @Override
        protected void onRemoval(@Nullable Cached last) {
            if (last != null) {
                last.answer().release();
            }
        }
    };

    StatsEndpoint(StatsBodies bodies, ReadyResponse ready) {
        this.bodies = bodies;
        this.ready = ready;
    }

    @Override
    public Answer answer(Request request) {
        SharedAnswer answer = current();
        // the body is the original's; that it may be old stands beside it
        return ready.isReady() ? answer : answer.whole().with("X-Tacho-Stale-Ms", Long.toString(ready.staleMillis()));
    }

    private SharedAnswer current() {
        Cached known = cached.get();
        StatsBodies.Version version = bodies.acquireIfNewer(known == null ? null : known.version());
        if (version == null && known != null) {
            return known.answer();
        }
        if (version == null) {
            throw new IllegalStateException("no version at all");
        }
        if (known != null) {
            known.answer().release();
        }
        SharedAnswer answer = new SharedAnswer(List.of(WholeAnswer.JSON), version.body());
        cached.set(new Cached(version, answer));
        return answer;
    }
}
