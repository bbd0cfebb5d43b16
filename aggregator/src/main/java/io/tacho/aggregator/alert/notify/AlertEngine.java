// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

import io.tacho.aggregator.alert.evaluate.Alert;
import io.tacho.aggregator.alert.evaluate.AlertChangeSet;
import io.tacho.aggregator.alert.evaluate.AlertReconciler;
import io.tacho.aggregator.alert.evaluate.AlertStoreClient;
import io.tacho.aggregator.alert.evaluate.EvaluationContext;
import io.tacho.aggregator.alert.evaluate.MetricsWindowTracker;
import io.tacho.aggregator.alert.evaluate.RuleEvaluators;
import io.tacho.aggregator.alert.evaluate.StoredSilence;
import io.tacho.aggregator.alert.rule.AlertConfig;
import io.tacho.aggregator.alert.rule.Silence;
import io.tacho.aggregator.cluster.TotalsCache;
import io.tacho.aggregator.outlier.OutlierReport;
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
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Evaluates all rules once per call, updates the alerts in the store, and sends notifications.
 *
 * <p>Every aggregator evaluates all rules, so that any of them can become the leader. Only the leader changes the shared alerts. It stores
 * an alert before it sends the notification, so the notification is sent at least once and always with the same id.
 *
 * <p>Thread safety: confined to one thread, except {@link #applyConfig} and {@link #config}.
 */
final class AlertEngine {

    private final AlertStoreClient storeClient;
    private final ClusterView view;
    private final TotalsCache totals;
    private final Supplier<OutlierReport> outliers;
    private final NotificationSender sender;
    private final AlertmanagerSender alertmanagerSender;
    private final DeliveryLog deliveries;
    private final LatestAlertStatus latestStatus;
    private final String aggregator;
    private final LongSupplier nanoTime;
    private final InstantSource clock;
    private final MetricsWindowTracker windowTracker = new MetricsWindowTracker();

    private volatile AlertConfig config = AlertConfig.NONE;
    private RuleEvaluators evaluators = RuleEvaluators.NONE;
    private ViewCursor cursor = ViewCursor.START;

    private boolean wasLeader;

    private int truncatedAlerts;
    /** The alerts about this aggregator itself, which are not shared. */
    private Map<String, Alert> localAlerts = Map.of();

    AlertEngine(
            AlertStoreClient storeClient,
            ClusterView view,
            TotalsCache totals,
            Supplier<OutlierReport> outliers,
            NotificationSender sender,
            AlertmanagerSender alertmanagerSender,
            DeliveryLog deliveries,
            LatestAlertStatus latestStatus,
            String aggregator,
            LongSupplier nanoTime,
            InstantSource clock) {
        this.storeClient = storeClient;
        this.view = view;
        this.totals = totals;
        this.outliers = outliers;
        this.sender = sender;
        this.alertmanagerSender = alertmanagerSender;
        this.deliveries = deliveries;
        this.latestStatus = latestStatus;
        this.aggregator = aggregator;
        this.nanoTime = nanoTime;
        this.clock = clock;
    }

    /** Sets the rules, silences and receivers for the next evaluation. */
    void applyConfig(AlertConfig newConfig) {
        config = newConfig;
    }

    /** Returns the rules, silences and receivers. */
    AlertConfig config() {
        return config;
    }

    /** Evaluates all rules once and sends due notifications; to be called once a second. */
    void evaluate() {
        AlertConfig current = config;
        List<Silence> silences = new ArrayList<>(current.silences());
        storeClient.silences().forEach(stored -> silences.add(stored.silence()));
        AlertReconciler reconciler = new AlertReconciler(silences, sender.sentResolutions());
        Instant now = now();
        evaluators = evaluators.withRules(current.rules());
        evaluateAggregatorRules(current, reconciler, now);
        if (view.status().isReady()) {
            evaluators.evaluate(nextContext(now));
            Map<String, Alert> before = storeClient.alerts();
            Set<Alert> notified = new HashSet<>();
            storeClient.syncWithStore(
                    changes -> {
                        notified.addAll(markNotified(changes));
                        truncatedAlerts = reconciler.reconcile(changes, evaluators, now);
                        storeClient.silences().stream()
                                .filter(stored -> stored.silence().stateAt(now) == Silence.State.EXPIRED)
                                .forEach(changes::remove);
                    },
                    changes -> {
                        notified.forEach(sender::forgetDelivery);
                        AlertLog.logChanges(before, changes.alertsByKey(), reconciler, now);
                    },
                    () -> sendAndPublish(current, reconciler));
        } else {
            storeClient.releaseLease();
            sendAndPublish(current, reconciler);
        }
    }

    /** Stores which alerts were delivered, without an evaluation, once a pending call of the store has completed. */
    void storeDeliveries(Runnable onCompleted) {
        storeClient.whenIdle(() -> storeClient.syncWithStore(this::markNotified, changes -> {}, onCompleted));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private EvaluationContext nextContext(Instant now) {
        NodeList list = view.nodeList();
        ChangeBatch membership = view.membershipChangesAfter(cursor);
        cursor = membership.next();
        return new EvaluationContext(
                list,
                membership.changes(),
                windowTracker,
                view,
                totals::get,
                outliers.get(),
                nanoTime.getAsLong(),
                now);
    }

    private void evaluateAggregatorRules(AlertConfig current, AlertReconciler reconciler, Instant now) {
        AlertChangeSet changes = new AlertChangeSet(localAlerts);
        markNotified(changes).forEach(sender::forgetDelivery);
        RuleEvaluators local = RuleEvaluators.aboutThisAggregator(current.rules(), view.status(), aggregator);
        reconciler.reconcile(changes, local, now);
        AlertLog.logChanges(localAlerts, changes.alertsByKey(), reconciler, now);
        localAlerts = changes.alertsByKey();
    }

    /** Marks the delivered alerts as notified in the changes, and returns these alerts. */
    private List<Alert> markNotified(AlertChangeSet changes) {
        List<Alert> notified =
                changes.allAlerts().stream().filter(sender::isDelivered).toList();
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
        if (!wasLeader && storeClient.isLeader()) {
            sender.addResolutions(storeClient.alerts().values());
        }
        wasLeader = storeClient.isLeader();
        Predicate<Alert> isSentHere = alert -> storeClient.isLeader() || localAlerts.containsKey(alert.key());
        List<Alert> replaced =
                sender.retainAlerts(alerts.stream().map(Alert::id).collect(Collectors.toSet()), isSentHere, now);
        Set<String> silencedKeys = alerts.stream()
                .filter(alert -> reconciler.isSilenced(alert, now))
                .map(Alert::key)
                .collect(Collectors.toSet());
        List<Alert> pending = Stream.concat(replaced.stream(), alerts.stream())
                .filter(isSentHere)
                .filter(alert -> alert.isResolved() || (!alert.notified() && !silencedKeys.contains(alert.key())))
                .filter(alert -> !sender.isDelivered(alert))
                .toList();
        sender.sendIfDue(pending, current.webhook(), nanoTime.getAsLong(), now);
        alertmanagerSender.observe(alerts, silencedKeys, now);
        alertmanagerSender.sendIfDue(
                current, alert -> storeClient.isLeader() || isAboutThisAggregator(alert), nanoTime.getAsLong(), now);
        Map<Silence, Silence.State> silences = new LinkedHashMap<>();
        current.silences().forEach(silence -> silences.put(silence, silence.stateAt(now)));
        Map<StoredSilence, Silence.State> stored = new LinkedHashMap<>();
        storeClient
                .silences()
                .forEach(silence -> stored.put(silence, silence.silence().stateAt(now)));
        latestStatus.publish(new AlertStatus(
                current,
                storeClient.isLeader(),
                truncatedAlerts,
                alerts,
                silencedKeys,
                silences,
                stored,
                deliveries.recentAttempts(),
                deliveries.deliveredCount(),
                deliveries.failedCount()));
    }

    private boolean isAboutThisAggregator(Alert alert) {
        return alert.violation().uid().isEmpty() && alert.violation().node().equals(aggregator);
    }
}
