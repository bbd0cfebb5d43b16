// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

import io.tacho.aggregator.alert.evaluate.Alert;
import io.tacho.aggregator.alert.evaluate.AlertReconciler;
import io.tacho.aggregator.alert.evaluate.AlertStoreClient;
import io.tacho.aggregator.alert.evaluate.EvaluationContext;
import io.tacho.aggregator.alert.evaluate.MetricsWindowTracker;
import io.tacho.aggregator.alert.evaluate.RuleEvaluators;
import io.tacho.aggregator.alert.evaluate.UnstoredAlertChanges;
import io.tacho.aggregator.alert.rule.AlertConfig;
import io.tacho.aggregator.alert.rule.Silence;
import io.tacho.aggregator.cluster.TotalsCache;
import io.tacho.aggregator.view.ChangeBatch;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.NodeList;
import io.tacho.aggregator.view.ViewCursor;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
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
 * Performs one evaluation: checks the rules, updates the alerts in the store, and sends notifications.
 *
 * <p>Every aggregator evaluates all rules, so that any of them can become the leader. Only the leader changes the shared alerts. It stores
 * an alert before it sends the notification, so the notification is sent at least once and always with the same id.
 *
 * <p>Thread safety: confined to one thread, except {@link #setRules} and {@link #rules}.
 */
final class AlertEngine {

    private final AlertStoreClient shared;
    private final ClusterView view;
    private final TotalsCache totals;
    private final NotificationSender queue;
    private final LatestAlertSummary latestStatus;
    private final String aggregator;
    private final LongSupplier nanoTime;
    private final InstantSource clock;
    private final MetricsWindowTracker windows = new MetricsWindowTracker();

    private volatile AlertConfig rules = AlertConfig.NONE;
    private RuleEvaluators evaluators = RuleEvaluators.NONE;
    private ViewCursor cursor = ViewCursor.START;

    private int truncatedAlerts;
    /** The alerts about this aggregator itself, which are not shared. */
    private Map<String, Alert> localAlerts = Map.of();

    AlertEngine(
            AlertStoreClient shared,
            ClusterView view,
            TotalsCache totals,
            NotificationSender queue,
            LatestAlertSummary latestStatus,
            String aggregator,
            LongSupplier nanoTime,
            InstantSource clock) {
        this.shared = shared;
        this.view = view;
        this.totals = totals;
        this.queue = queue;
        this.latestStatus = latestStatus;
        this.aggregator = aggregator;
        this.nanoTime = nanoTime;
        this.clock = clock;
    }

    /** Replaces the rules for the next evaluation. */
    void setRules(AlertConfig newRules) {
        rules = newRules;
    }

    AlertConfig rules() {
        return rules;
    }

    /** Evaluates all rules once; to be called once a second. */
    void evaluate() {
        AlertConfig current = rules;
        AlertReconciler reconciler = new AlertReconciler(current.silences());
        Instant now = now();
        evaluators = evaluators.withRules(current.rules());
        evaluateAggregatorRules(current, reconciler, now);
        if (view.status().isReady()) {
            evaluators.evaluate(nextContext(now));
            Map<String, Alert> before = shared.alerts();
            Set<Alert> notified = new HashSet<>();
            shared.synchronize(
                    changes -> {
                        notified.addAll(recordNotified(changes));
                        truncatedAlerts = reconciler.reconcile(changes, evaluators, now);
                    },
                    changes -> {
                        notified.forEach(queue::removeNotified);
                        AlertLog.logChanges(before, changes.alerts(), reconciler, now);
                    },
                    () -> sendAndPublish(current, reconciler));
        } else {
            shared.releaseLease();
            sendAndPublish(current, reconciler);
        }
    }

    /** Stores which alerts were notified, without an evaluation. */
    void storeNotified(Runnable afterwards) {
        shared.synchronize(this::recordNotified, changes -> {}, afterwards);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private EvaluationContext nextContext(Instant now) {
        NodeList list = view.list();
        ChangeBatch membership = view.membership(cursor);
        cursor = membership.next();
        return new EvaluationContext(
                list, membership.changes(), windows, view::find, totals::get, nanoTime.getAsLong(), now);
    }

    private void evaluateAggregatorRules(AlertConfig current, AlertReconciler reconciler, Instant now) {
        UnstoredAlertChanges changes = new UnstoredAlertChanges(localAlerts);
        recordNotified(changes).forEach(queue::removeNotified);
        RuleEvaluators local =
                RuleEvaluators.ofAggregator(current.rules(), view.status().staleFor(), aggregator);
        reconciler.reconcile(changes, local, now);
        AlertLog.logChanges(localAlerts, changes.alerts(), reconciler, now);
        localAlerts = changes.alerts();
    }

    /** Records in the changes which alerts were notified, and returns these alerts. */
    private List<Alert> recordNotified(UnstoredAlertChanges changes) {
        List<Alert> notified = changes.all().stream().filter(queue::isNotified).toList();
        notified.forEach(changes::recordNotified);
        return notified;
    }

    private void sendAndPublish(AlertConfig current, AlertReconciler reconciler) {
        Instant now = now();
        List<Alert> alerts = new ArrayList<>(localAlerts.values());
        alerts.addAll(shared.alerts().values());
        alerts.sort(Comparator.comparing(Alert::rule)
                .thenComparing(Alert::isResolved)
                .thenComparing(alert -> alert.violation().node())
                .thenComparing(alert -> alert.violation().uid()));
        queue.retainNotified(alerts.stream().map(Alert::id).collect(Collectors.toSet()));
        Set<String> silencedKeys = alerts.stream()
                .filter(alert -> reconciler.isSilenced(alert, now))
                .map(Alert::key)
                .collect(Collectors.toSet());
        List<Alert> pending = alerts.stream()
                .filter(alert -> shared.isLeader() || localAlerts.containsKey(alert.key()))
                .filter(alert -> alert.isResolved() || (!alert.notified() && !silencedKeys.contains(alert.key())))
                .filter(alert -> !queue.isNotified(alert))
                .toList();
        queue.sendIfDue(pending, current.webhook(), nanoTime.getAsLong(), now);
        Map<Silence, Silence.State> silences = new LinkedHashMap<>();
        current.silences().forEach(silence -> silences.put(silence, silence.state(now)));
        latestStatus.publish(new AlertSummary(
                current,
                shared.isLeader(),
                truncatedAlerts,
                alerts,
                silencedKeys,
                silences,
                queue.deliveries(),
                queue.delivered(),
                queue.failed()));
    }
}
