// SPDX-License-Identifier: Apache-2.0
package io.tacho.store.alerts;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tacho.store.alerts.AlertStoreResponse.Lease;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The behavior of every alert store; each implementation extends this test. */
public abstract class AlertStoreContract {

    /** Long enough for several calls on a loaded machine. */
    protected static final Duration LEASE = Duration.ofSeconds(3);

    /** Returns the store as seen by another aggregator. */
    protected abstract AlertStore newStore();

    /** Advances the clock of the store. */
    protected abstract void elapse(Duration duration);

    /** Deletes everything. */
    protected abstract void flush();

    protected static AlertStoreResponse get(CompletionStage<AlertStoreResponse> stage) throws Exception {
        return stage.toCompletableFuture().get(10, SECONDS);
    }

    private static AlertStoreUpdate put(String key, String entry) {
        return new AlertStoreUpdate(false, Map.of(key, entry), Set.of());
    }

    @Test
    void edit_withoutLease_isVisible_updateOfOldVersionIsRejected() throws Exception {
        AlertStore holder = newStore();
        AlertStore editor = newStore();
        long version = get(holder.renewLease(0, AlertStoreUpdate.NONE)).version();
        version = get(holder.renewLease(version, new AlertStoreUpdate(false, Map.of("rule/a", "1"), Set.of())))
                .version();
        editor.edit(new AlertStoreUpdate(false, Map.of("silence/x", "2"), Set.of()))
                .toCompletableFuture()
                .get(10, SECONDS);

        AlertStoreResponse rejected =
                get(holder.renewLease(version, new AlertStoreUpdate(false, Map.of("rule/b", "3"), Set.of())));

        assertThat(rejected.applied()).isFalse();
        assertThat(rejected.lease()).isEqualTo(Lease.RENEWED);
        assertThat(rejected.entries()).isEqualTo(Map.of("rule/a", "1", "silence/x", "2"));
        editor.edit(new AlertStoreUpdate(false, Map.of(), Set.of("silence/x")))
                .toCompletableFuture()
                .get(10, SECONDS);
        assertThat(get(holder.renewLease(rejected.version(), AlertStoreUpdate.NONE))
                        .entries())
                .isEqualTo(Map.of("rule/a", "1"));
        assertThat(get(editor.renewLease(0, AlertStoreUpdate.NONE)).lease()).isEqualTo(Lease.NOT_HELD);
    }

    @Test
    void lease_hasOneHolder_untilReleased() throws Exception {
        AlertStore one = newStore();
        AlertStore other = newStore();

        assertThat(get(one.renewLease(0, AlertStoreUpdate.NONE)).lease()).isEqualTo(Lease.ACQUIRED);
        assertThat(get(other.renewLease(0, AlertStoreUpdate.NONE)).lease()).isEqualTo(Lease.NOT_HELD);
        assertThat(get(one.renewLease(0, AlertStoreUpdate.NONE)).lease()).isEqualTo(Lease.RENEWED);
        assertThat(get(other.releaseLease(0)).lease()).isEqualTo(Lease.NOT_HELD);
        assertThat(get(other.renewLease(0, AlertStoreUpdate.NONE)).lease()).isEqualTo(Lease.NOT_HELD);
        get(one.releaseLease(0));
        assertThat(get(other.renewLease(0, AlertStoreUpdate.NONE)).lease()).isEqualTo(Lease.ACQUIRED);
    }

    @Test
    void lease_expiresUnlessRenewed() throws Exception {
        AlertStore one = newStore();
        AlertStore other = newStore();
        get(one.renewLease(0, AlertStoreUpdate.NONE));

        elapse(LEASE.minusSeconds(1));
        get(one.renewLease(0, AlertStoreUpdate.NONE));
        elapse(LEASE.minusSeconds(1));
        assertThat(get(other.renewLease(0, AlertStoreUpdate.NONE)).lease()).isEqualTo(Lease.NOT_HELD);
        elapse(LEASE);

        await().atMost(Duration.ofSeconds(10))
                .until(() -> get(other.renewLease(0, AlertStoreUpdate.NONE)).lease() == Lease.ACQUIRED);
        assertThat(get(one.renewLease(0, put("a/", "1"))))
                .isEqualTo(new AlertStoreResponse(Lease.NOT_HELD, false, 0, null));
    }

    @Test
    void update_byLeaseHolder_isReturnedToOthersOnce() throws Exception {
        AlertStore one = newStore();
        AlertStore other = newStore();
        get(one.renewLease(0, AlertStoreUpdate.NONE));

        assertThat(get(one.renewLease(0, put("a/", "1"))))
                .isEqualTo(new AlertStoreResponse(Lease.RENEWED, true, 1, null));
        assertThat(get(one.renewLease(1, put("b/u1", "ü"))))
                .isEqualTo(new AlertStoreResponse(Lease.RENEWED, true, 2, null));
        assertThat(get(other.renewLease(0, AlertStoreUpdate.NONE)))
                .isEqualTo(new AlertStoreResponse(Lease.NOT_HELD, false, 2, Map.of("a/", "1", "b/u1", "ü")));
        assertThat(get(other.renewLease(2, AlertStoreUpdate.NONE)))
                .isEqualTo(new AlertStoreResponse(Lease.NOT_HELD, false, 2, null));
        assertThat(get(one.renewLease(2, new AlertStoreUpdate(false, Map.of(), Set.of("a/"))))
                        .version())
                .isEqualTo(3);
        assertThat(get(other.renewLease(2, AlertStoreUpdate.NONE)).entries()).isEqualTo(Map.of("b/u1", "ü"));
    }

    @Test
    void update_whileAcquiringLease_isNotApplied() throws Exception {
        AlertStore one = newStore();

        assertThat(get(one.renewLease(0, put("a/", "1"))))
                .isEqualTo(new AlertStoreResponse(Lease.ACQUIRED, false, 0, Map.of()));
    }

    @Test
    void update_ofOtherVersion_isAppliedOnlyAsReplacement() throws Exception {
        AlertStore one = newStore();
        get(one.renewLease(0, AlertStoreUpdate.NONE));
        get(one.renewLease(0, put("a/", "1")));

        assertThat(get(one.renewLease(7, put("b/", "2"))))
                .isEqualTo(new AlertStoreResponse(Lease.RENEWED, false, 1, Map.of("a/", "1")));
        assertThat(get(one.renewLease(7, new AlertStoreUpdate(true, Map.of("b/", "2"), Set.of()))))
                .isEqualTo(new AlertStoreResponse(Lease.RENEWED, true, 8, null));
        assertThat(get(newStore().releaseLease(0)).entries()).isEqualTo(Map.of("b/", "2"));
    }

    @Test
    void flush_releasesLease_removesEntries() throws Exception {
        AlertStore one = newStore();
        get(one.renewLease(0, AlertStoreUpdate.NONE));
        get(one.renewLease(0, put("a/", "1")));

        flush();

        assertThat(get(one.renewLease(1, AlertStoreUpdate.NONE)))
                .isEqualTo(new AlertStoreResponse(Lease.ACQUIRED, false, 0, Map.of()));
    }

    @Test
    void key_withoutSlash_isRejected() {
        assertThatThrownBy(() -> put("version", "9")).hasMessage("key: version (expected: one with a slash)");
    }
}
