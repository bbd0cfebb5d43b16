// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import io.tacho.concurrent.RateLimitedLog;
import io.tacho.store.AlertLedger;
import io.tacho.store.LedgerAnswer;
import io.tacho.store.LedgerAnswer.Lease;
import io.tacho.store.LedgerEdit;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The alerts that all aggregators know, as they stand in the ledger, and whether it is we who write there. A ledger that has
 * forgotten what we know is told so again.
 *
 * <p>Thread safety: confined to the given executor.
 */
final class SharedAlerts {

    private static final Logger logger = LoggerFactory.getLogger(SharedAlerts.class);

    private final AlertLedger ledger;
    private final Executor executor;
    private final RateLimitedLog rareLog;

    private Map<String, Alert> alerts = Map.of();
    private long version;
    private boolean isForgotten;
    private boolean isLeading;
    private boolean isTurning;

    SharedAlerts(AlertLedger ledger, Executor executor, RateLimitedLog rareLog) {
        this.ledger = ledger;
        this.executor = executor;
        this.rareLog = rareLog;
    }

    /** By their keys. */
    Map<String, Alert> alerts() {
        return alerts;
    }

    /** Whether it was we who might write when we asked last. */
    boolean isLeading() {
        return isLeading;
    }

    /**
     * Takes or renews the lease and hears what others have written; does nothing while the turn before goes on.
     *
     * @param change what is to be written, if it is we who may
     * @param written told of the draft once it stands in the ledger
     * @param afterwards done in any case
     */
    void turn(Consumer<Draft> change, Consumer<Draft> written, Runnable afterwards) {
        if (isTurning) {
            return;
        }
        Draft draft = new Draft(alerts);
        LedgerEdit edit = LedgerEdit.NONE;
        if (isLeading) {
            change.accept(draft);
            edit = draft.edit(isForgotten);
        }
        isTurning = true;
        ask(
                ledger.turn(version, edit),
                answer -> {
                    isLeading = answer.lease() != Lease.ANOTHERS;
                    if (answer.applied()) {
                        alerts = draft.alerts();
                        version = answer.version();
                        isForgotten = false;
                        written.accept(draft);
                    } else {
                        hear(answer);
                    }
                },
                afterwards);
    }

    /** Gives the lease back: whoever hears better may speak. */
    void stepDown(Runnable afterwards) {
        if (isLeading && !isTurning) {
            isLeading = false;
            ask(ledger.read(version), this::hear, afterwards);
        }
    }

    private void ask(CompletionStage<LedgerAnswer> asked, Consumer<LedgerAnswer> use, Runnable afterwards) {
        isTurning = true;
        asked.whenCompleteAsync(
                (answer, failure) -> {
                    isTurning = false;
                    try {
                        if (failure == null) {
                            use.accept(answer);
                        } else {
                            unanswered(failure);
                        }
                        afterwards.run();
                    } catch (RuntimeException e) {
                        // nobody looks at the stage
                        logger.error("alerts: a turn failed", e);
                    }
                },
                executor);
    }

    private void unanswered(Throwable failure) {
        isLeading = false;
        if (rareLog.isDue("ledger")) {
            logger.warn("no alert can be told now, for aggregators cannot agree: {}", failure.getMessage());
        }
    }

    private void hear(LedgerAnswer answer) {
        @Nullable Map<String, String> entries = answer.entries();
        if (entries == null) {
            return;
        }
        isForgotten = answer.version() < version;
        if (isForgotten) {
            return;
        }
        Map<String, Alert> heard = new HashMap<>();
        entries.forEach((key, entry) -> AlertJson.read(entry)
                .filter(alert -> alert.key().equals(key))
                .ifPresent(alert -> heard.put(key, alert)));
        alerts = Map.copyOf(heard);
        version = answer.version();
    }
}
