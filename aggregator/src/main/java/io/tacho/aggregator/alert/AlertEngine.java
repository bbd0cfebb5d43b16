// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import io.tacho.aggregator.alert.AlertBoard.Picture;
import io.tacho.aggregator.view.Changes;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.NodeList;
import io.tacho.aggregator.view.ViewCursor;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Looks at the cluster, turn by turn. Every aggregator judges all the time; which alerts there are stands in the ledger, and
 * only the holder of its lease writes there, and tells what it has written. What is written first and told then is told at least
 * once, under the same id.
 *
 * <p>Thread safety: confined to one thread, but for {@link #take}.
 */
final class AlertEngine {

    private final SharedAlerts shared;
    private final ClusterView view;
    private final Outbox outbox;
    private final AlertBoard board;
    private final String sender;
    private final LongSupplier nanoTime;
    private final InstantSource clock;
    private final Windows windows = new Windows();

    private volatile AlertRules rules = AlertRules.NONE;
    private Watches watches = Watches.NONE;
    private ViewCursor cursor = ViewCursor.START;

    private int unlisted;
    /** What is about this aggregator alone. */
    private Map<String, Alert> own = Map.of();

    AlertEngine(
            SharedAlerts shared,
            ClusterView view,
            Outbox outbox,
            AlertBoard board,
            String sender,
            LongSupplier nanoTime,
            InstantSource clock) {
        this.shared = shared;
        this.view = view;
        this.outbox = outbox;
        this.board = board;
        this.sender = sender;
        this.nanoTime = nanoTime;
        this.clock = clock;
    }

    /** From the next turn on these rules are in force. */
    void take(AlertRules next) {
        rules = next;
    }

    AlertRules rules() {
        return rules;
    }

    /** A turn; to be done every second. */
    void tick() {
        AlertRules inForce = rules;
        Reconciler reconciler = new Reconciler(inForce.silences());
        Instant now = clock.instant();
        watches = watches.with(inForce.rules());
        watchOurselves(inForce, reconciler, now);
        if (view.status().isReady()) {
            watches.look(moment(now));
            Map<String, Alert> before = shared.alerts();
            Set<Alert> settled = new HashSet<>();
            shared.turn(
                    draft -> {
                        settled.addAll(settle(draft));
                        unlisted = reconciler.reconcile(draft, watches, now);
                    },
                    draft -> {
                        settled.forEach(outbox::forget);
                        AlertLog.say(before, draft.alerts(), reconciler, now);
                    },
                    () -> tell(inForce, reconciler));
        } else {
            shared.stepDown(() -> {});
            tell(inForce, reconciler);
        }
    }

    /** Writes down what has been told, and no more. */
    void writeDown(Runnable afterwards) {
        shared.turn(this::settle, draft -> {}, afterwards);
    }

    private Moment moment(Instant now) {
        NodeList list = view.list();
        Changes membership = view.membership(cursor);
        cursor = membership.next();
        return Moment.of(list, membership.changes(), windows, view::find, nanoTime.getAsLong(), now);
    }

    private void watchOurselves(AlertRules inForce, Reconciler reconciler, Instant now) {
        Map<Rule, Watch> deaf = new LinkedHashMap<>();
        for (Rule rule : inForce.rules()) {
            if (rule.condition() instanceof Condition.Stale stale) {
                deaf.put(rule, new StaleWatch(stale, view.status().staleFor(), sender));
            }
        }
        Draft draft = new Draft(own);
        settle(draft).forEach(outbox::forget);
        reconciler.reconcile(draft, new Watches(deaf), now);
        AlertLog.say(own, draft.alerts(), reconciler, now);
        own = draft.alerts();
    }

    /** Writes down what has been told, and returns what that is. */
    private List<Alert> settle(Draft draft) {
        List<Alert> settled = new ArrayList<>();
        for (Alert alert : draft.all()) {
            if (outbox.isTold(alert)) {
                settled.add(alert);
                if (alert.isOver()) {
                    draft.remove(alert);
                } else {
                    draft.put(alert.asTold());
                }
            }
        }
        return settled;
    }

    private void tell(AlertRules inForce, Reconciler reconciler) {
        Instant now = clock.instant();
        List<Alert> all = new ArrayList<>(own.values());
        all.addAll(shared.alerts().values());
        all.sort(Comparator.comparing(Alert::rule)
                .thenComparing(Alert::isOver)
                .thenComparing(Alert::name)
                .thenComparing(Alert::uid));
        Set<String> ids = new HashSet<>();
        all.forEach(alert -> ids.add(alert.id()));
        outbox.keep(ids);
        Set<String> silenced = all.stream()
                .filter(alert -> reconciler.isSilenced(alert, now))
                .map(Alert::key)
                .collect(Collectors.toSet());
        List<Alert> pending = all.stream()
                .filter(alert -> shared.isLeading() || own.containsKey(alert.key()))
                .filter(alert -> alert.isOver() || (!alert.told() && !silenced.contains(alert.key())))
                .filter(alert -> !outbox.isTold(alert))
                .toList();
        outbox.tell(pending, inForce.webhook(), nanoTime.getAsLong(), now);
        board.show(new Picture(
                inForce,
                shared.isLeading(),
                unlisted,
                all,
                silenced,
                inForce.silences().stream()
                        .filter(silence -> silence.isInForce(now))
                        .toList(),
                outbox.deliveries(),
                outbox.delivered(),
                outbox.failed()));
    }
}
