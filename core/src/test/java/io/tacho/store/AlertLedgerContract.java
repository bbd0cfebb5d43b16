// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tacho.store.LedgerAnswer.Lease;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What every ledger promises; extended once for each. */
public abstract class AlertLedgerContract {

    /** Long enough for a few calls on a loaded machine. */
    protected static final Duration LEASE = Duration.ofSeconds(3);

    /** The ledger as one more aggregator sees it. */
    protected abstract AlertLedger member();

    /** Lets time pass on the ledger's clock. */
    protected abstract void elapse(Duration duration);

    /** Forgets everything. */
    protected abstract void flush();

    protected static LedgerAnswer get(CompletionStage<LedgerAnswer> stage) throws Exception {
        return stage.toCompletableFuture().get(10, SECONDS);
    }

    private static LedgerEdit put(String key, String entry) {
        return new LedgerEdit(false, Map.of(key, entry), Set.of());
    }

    @Test
    void lease_isOnes_untilItIsGivenBack() throws Exception {
        AlertLedger one = member();
        AlertLedger other = member();

        assertThat(get(one.turn(0, LedgerEdit.NONE)).lease()).isEqualTo(Lease.TAKEN);
        assertThat(get(other.turn(0, LedgerEdit.NONE)).lease()).isEqualTo(Lease.ANOTHERS);
        assertThat(get(one.turn(0, LedgerEdit.NONE)).lease()).isEqualTo(Lease.KEPT);
        assertThat(get(other.read(0)).lease()).isEqualTo(Lease.ANOTHERS);
        assertThat(get(other.turn(0, LedgerEdit.NONE)).lease()).isEqualTo(Lease.ANOTHERS);
        get(one.read(0));
        assertThat(get(other.turn(0, LedgerEdit.NONE)).lease()).isEqualTo(Lease.TAKEN);
    }

    @Test
    void lease_endsByItself() throws Exception {
        AlertLedger one = member();
        AlertLedger other = member();
        get(one.turn(0, LedgerEdit.NONE));

        elapse(LEASE.minusSeconds(1));
        get(one.turn(0, LedgerEdit.NONE));
        elapse(LEASE.minusSeconds(1));
        assertThat(get(other.turn(0, LedgerEdit.NONE)).lease()).isEqualTo(Lease.ANOTHERS);
        elapse(LEASE);

        await().atMost(Duration.ofSeconds(10))
                .until(() -> get(other.turn(0, LedgerEdit.NONE)).lease() == Lease.TAKEN);
        assertThat(get(one.turn(0, put("a/", "1")))).isEqualTo(new LedgerAnswer(Lease.ANOTHERS, false, 0, null));
    }

    @Test
    void edit_byTheHolder_isToldToOthersOnce() throws Exception {
        AlertLedger one = member();
        AlertLedger other = member();
        get(one.turn(0, LedgerEdit.NONE));

        assertThat(get(one.turn(0, put("a/", "1")))).isEqualTo(new LedgerAnswer(Lease.KEPT, true, 1, null));
        assertThat(get(one.turn(1, put("b/u1", "ü")))).isEqualTo(new LedgerAnswer(Lease.KEPT, true, 2, null));
        assertThat(get(other.turn(0, LedgerEdit.NONE)))
                .isEqualTo(new LedgerAnswer(Lease.ANOTHERS, false, 2, Map.of("a/", "1", "b/u1", "ü")));
        assertThat(get(other.turn(2, LedgerEdit.NONE))).isEqualTo(new LedgerAnswer(Lease.ANOTHERS, false, 2, null));
        assertThat(get(one.turn(2, new LedgerEdit(false, Map.of(), Set.of("a/"))))
                        .version())
                .isEqualTo(3);
        assertThat(get(other.turn(2, LedgerEdit.NONE)).entries()).isEqualTo(Map.of("b/u1", "ü"));
    }

    @Test
    void edit_inTheTurnThatTakesTheLease_isNotApplied() throws Exception {
        AlertLedger one = member();

        assertThat(get(one.turn(0, put("a/", "1")))).isEqualTo(new LedgerAnswer(Lease.TAKEN, false, 0, Map.of()));
    }

    @Test
    void edit_ofAnotherVersionThanThatWhichStandsThere() throws Exception {
        AlertLedger one = member();
        get(one.turn(0, LedgerEdit.NONE));
        get(one.turn(0, put("a/", "1")));

        assertThat(get(one.turn(7, put("b/", "2"))))
                .isEqualTo(new LedgerAnswer(Lease.KEPT, false, 1, Map.of("a/", "1")));
        assertThat(get(one.turn(7, new LedgerEdit(true, Map.of("b/", "2"), Set.of()))))
                .isEqualTo(new LedgerAnswer(Lease.KEPT, true, 8, null));
        assertThat(get(member().read(0)).entries()).isEqualTo(Map.of("b/", "2"));
    }

    @Test
    void flushed_theLeaseIsAnybodys_andWhatWasKnownIsGone() throws Exception {
        AlertLedger one = member();
        get(one.turn(0, LedgerEdit.NONE));
        get(one.turn(0, put("a/", "1")));

        flush();

        assertThat(get(one.turn(1, LedgerEdit.NONE))).isEqualTo(new LedgerAnswer(Lease.TAKEN, false, 0, Map.of()));
    }

    @Test
    void keys_haveASlash() {
        assertThatThrownBy(() -> put("version", "9")).hasMessage("key: version (expected: one with a slash)");
    }
}
