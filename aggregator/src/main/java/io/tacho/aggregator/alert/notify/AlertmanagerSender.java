// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

import io.tacho.aggregator.alert.evaluate.Alert;
import io.tacho.aggregator.alert.rule.AlertConfig;
import io.tacho.aggregator.alert.rule.ReceiverUrl;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Posts alerts to Prometheus Alertmanagers: at once when an alert starts or is resolved, then repeatedly, because an Alertmanager ends
 * a firing alert that is not repeated within its {@code resolve_timeout}.
 *
 * <p>Every aggregator observes all alerts, so that a new leader continues with the alerts of the previous one, including those that
 * were resolved in between. Only the caller knows which alerts are to be posted by this aggregator.
 *
 * <p>Thread safety: confined to the executor of the channels.
 */
final class AlertmanagerSender {

    static final Duration REPEAT_INTERVAL = Duration.ofSeconds(30);

    /** The time for which resolved alerts are repeated; later the Alertmanager has ended them by its own timeout. */
    static final Duration RESOLVED_RETENTION = Duration.ofMinutes(5);

    private static final int MAX_ALERTS = 2_000;
    private static final String PATH = "api/v2/alerts";

    /** The state of an Alertmanager: what it has accepted, and when. */
    private static final class Target {
        private final DeliveryChannel channel;
        private Set<AlertState> delivered = Set.of();
        private long deliveredNanos;

        private Target(DeliveryChannel channel) {
            this.channel = channel;
        }

        private boolean isDue(Set<AlertState> states, long nanos) {
            return channel.isReady(nanos)
                    && (!delivered.containsAll(states) || nanos - deliveredNanos >= REPEAT_INTERVAL.toNanos());
        }

        private void onDelivered(Set<AlertState> states, long nanos) {
            delivered = states;
            deliveredNanos = nanos;
        }
    }

    private final Supplier<DeliveryChannel> channels;
    private final String clusterName;
    private final Map<String, Alert> alertsByKey = new LinkedHashMap<>();
    private final Map<ReceiverUrl, Target> targets = new LinkedHashMap<>();

    /**
     * Creates a sender that has sent nothing.
     *
     * @param channels creates the channel to an Alertmanager
     * @param clusterName the label that identifies the cluster
     */
    AlertmanagerSender(Supplier<DeliveryChannel> channels, String clusterName) {
        this.channels = channels;
        this.clusterName = clusterName;
    }

    /**
     * Observes the current alerts: an observed firing alert that is missing now is resolved. A silence suppresses alerts that start
     * while it is active.
     *
     * @param alerts all alerts
     * @param silencedKeys the keys of the silenced alerts
     */
    void observe(List<Alert> alerts, Set<String> silencedKeys, Instant now) {
        Set<String> keys = new HashSet<>();
        for (Alert alert : alerts) {
            String key = alert.key();
            keys.add(key);
            Alert observed = alertsByKey.get(key);
            boolean isPosted = observed != null && !observed.isResolved();
            if (isPosted || alert.isResolved() || alert.notified() || !silencedKeys.contains(key)) {
                alertsByKey.put(key, alert);
            }
        }
        alertsByKey.replaceAll((key, alert) ->
                alert.isResolved() || keys.contains(key) ? alert : alert.asResolved(now, "the alert has ended"));
        alertsByKey.values().removeIf(alert -> isOld(alert, now));
        List<String> excess = alertsByKey.values().stream()
                .filter(Alert::isResolved)
                .limit(Math.max(0, alertsByKey.size() - MAX_ALERTS))
                .map(Alert::key)
                .toList();
        excess.forEach(alertsByKey::remove);
    }

    private static boolean isOld(Alert alert, Instant now) {
        Instant endsAt = alert.endsAt();
        return endsAt != null && Duration.between(endsAt, now).compareTo(RESOLVED_RETENTION) > 0;
    }

    /**
     * Posts the observed alerts to the Alertmanagers that have not accepted them yet, or not for a while.
     *
     * @param isPosted whether this aggregator posts an alert
     */
    void sendIfDue(AlertConfig config, Predicate<Alert> isPosted, long nanos, Instant now) {
        targets.keySet().retainAll(config.alertmanagers());
        List<Alert> alerts = alertsByKey.values().stream().filter(isPosted).toList();
        if (alerts.isEmpty()) {
            return;
        }
        Set<AlertState> states = new HashSet<>();
        alerts.forEach(alert -> states.add(AlertState.of(alert)));
        byte[] json = new byte[0];
        for (ReceiverUrl url : config.alertmanagers()) {
            Target target = targets.computeIfAbsent(url, absent -> new Target(channels.get()));
            if (target.isDue(states, nanos)) {
                json = json.length > 0
                        ? json
                        : AlertmanagerJson.postedAlerts(alerts, clusterName, config.externalUrl());
                target.channel.send(
                        url.append(PATH), json, alerts.size(), nanos, now, () -> target.onDelivered(states, nanos));
            }
        }
    }
}
