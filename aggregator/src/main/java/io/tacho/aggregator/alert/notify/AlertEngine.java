// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

import io.tacho.aggregator.alert.evaluate.Alert;
import io.tacho.aggregator.alert.evaluate.AlertReconciler;
import io.tacho.aggregator.alert.evaluate.AlertStoreClient;
import io.tacho.aggregator.alert.evaluate.EvaluationContext;
import io.tacho.aggregator.alert.evaluate.MetricsWindowTracker;
import io.tacho.aggregator.alert.evaluate.PendingAlerts;
import io.tacho.aggregator.alert.evaluate.RuleEvaluators;
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

    private final AlertStoreClient storeClient;
    private final ClusterView view;
    private final TotalsCache totals;
    private final NotificationSender sender;
    private final LatestAlertSummary latestSummary;
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
            AlertStoreClient storeClient,
            ClusterView view,
            TotalsCache totals,
            NotificationSender sender,
            LatestAlertSummary latestSummary,
            String aggregator,
            LongSupplier nanoTime,
            InstantSource clock) {
        this.storeClient = storeClient;
        this.view = view;
        this.totals = totals;
        this.sender = sender;
        this.latestSummary = latestSummary;
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
        evaluators = evaluators.copyWithRules(current.rules());
        evaluateAggregatorRules(current, reconciler, now);
        if (view.status().isReady()) {
            evaluators.evaluate(nextContext(now));
            Map<String, Alert> before = storeClient.alerts();
            Set<Alert> notified = new HashSet<>();
            storeClient.renewLeaseAndRead(
                    changes -> {
                        notified.addAll(markNotified(changes));
                        truncatedAlerts = reconciler.reconcile(changes, evaluators, now);
                    },
                    changes -> {
                        notified.forEach(sender::removeNotified);
                        AlertLog.logChanges(before, changes.alertsByKey(), reconciler, now);
                    },
                    () -> sendAndPublish(current, reconciler));
        } else {
            storeClient.releaseLease();
            sendAndPublish(current, reconciler);
        }
    }

    /** Stores which alerts were notified, without an evaluation. */
    void persistNotified(Runnable afterwards) {
        storeClient.renewLeaseAndRead(this::markNotified, changes -> {}, afterwards);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private EvaluationContext nextContext(Instant now) {
        NodeList list = view.nodeList();
        ChangeBatch membership = view.membershipChangesAfter(cursor);
        cursor = membership.next();
        return new EvaluationContext(
                list, membership.changes(), windows, view::find, totals::get, nanoTime.getAsLong(), now);
    }

    private void evaluateAggregatorRules(AlertConfig current, AlertReconciler reconciler, Instant now) {
        PendingAlerts changes = new PendingAlerts(localAlerts);
        markNotified(changes).forEach(sender::removeNotified);
        RuleEvaluators local =
                RuleEvaluators.ofAggregator(current.rules(), view.status().staleFor(), aggregator);
        reconciler.reconcile(changes, local, now);
        AlertLog.logChanges(localAlerts, changes.alertsByKey(), reconciler, now);
        localAlerts = changes.alertsByKey();
    }

    /** Marks the alerts that were notified in the changes, and returns these alerts. */
    private List<Alert> markNotified(PendingAlerts changes) {
        List<Alert> notified =
                changes.allAlerts().stream().filter(sender::isNotified).toList();
        notified.forEach(changes::markNotified);
        return notified;
    }

    private void sendAndPublish(AlertConfig current, AlertReconciler reconciler) {
        Instant now = now();
        List<Alert> alerts = new ArrayList<>(localAlerts.values());
        alerts.addAll(storeClient.alerts().values());
        alerts.sort(Comparator.comparing(Alert::rule)
                .thenComparing(Alert::isResolved)
                .thenComparing(alert -> alert.violation().node())
                .thenComparing(alert -> alert.violation().uid()));
        sender.retainNotified(alerts.stream().map(Alert::id).collect(Collectors.toSet()));
        Set<String> silencedKeys = alerts.stream()
                .filter(alert -> reconciler.isSilenced(alert, now))
                .map(Alert::key)
                .collect(Collectors.toSet());
        List<Alert> pending = alerts.stream()
                .filter(alert -> storeClient.isLeader() || localAlerts.containsKey(alert.key()))
                .filter(alert -> alert.isResolved() || (!alert.notified() && !silencedKeys.contains(alert.key())))
                .filter(alert -> !sender.isNotified(alert))
                .toList();
        sender.sendIfDue(pending, current.webhook(), nanoTime.getAsLong(), now);
        Map<Silence, Silence.State> silences = new LinkedHashMap<>();
        current.silences().forEach(silence -> silences.put(silence, silence.stateAt(now)));
        latestSummary.publish(new AlertSummary(
                current,
                storeClient.isLeader(),
                truncatedAlerts,
                alerts,
                silencedKeys,
                silences,
                sender.recentDeliveries(),
                sender.deliveredCount(),
                sender.failedCount()));
    }
}
