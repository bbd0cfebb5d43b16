// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

import io.tacho.aggregator.alert.evaluate.Alert;
import io.tacho.aggregator.alert.evaluate.AlertReconciler;
import io.tacho.aggregator.alert.rule.ReceiverUrl;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Sends notifications about pending alerts to the webhook, and remembers which alerts were delivered until this is stored. Alerts that
 * start together are grouped into one notification.
 *
 * <p>A receiver may have received a resolution whatever the result of sending it, so it is remembered from the beginning of the first
 * attempt: a violation that returns is then a new alert, of which the receiver is notified. It replaces the resolved alert, whose
 * resolution is sent until the receiver has accepted it.
 *
 * <p>Thread safety: confined to the executor of the channel.
 */
final class NotificationSender {

    /** The time that the first alert of a group waits for further alerts. */
    static final Duration GROUP_WAIT = Duration.ofSeconds(1);

    private final DeliveryChannel channel;
    private final String namespace;
    private final String aggregator;
    private final Set<AlertState> unstoredDeliveries = new HashSet<>();
    /** The resolved alerts that were sent, by id; in the order of the first attempt. */
    private final Map<String, Alert> sentResolutions = new LinkedHashMap<>();

    private boolean isWaiting;
    private long waitingSinceNanos;

    /** Creates a sender that has sent nothing. */
    NotificationSender(DeliveryChannel channel, String namespace, String aggregator) {
        this.channel = channel;
        this.namespace = namespace;
        this.aggregator = aggregator;
    }

    /** Returns true if the alert in its current state was delivered and this is not stored yet. */
    boolean isDelivered(Alert alert) {
        return unstoredDeliveries.contains(AlertState.of(alert));
    }

    /** Forgets that the alert was delivered, because it is stored as notified. */
    void forgetDelivery(Alert alert) {
        unstoredDeliveries.remove(AlertState.of(alert));
        if (alert.isResolved()) {
            sentResolutions.remove(alert.id());
        }
    }

    /** {@return the ids of the alerts whose resolution was sent, whether or not the receiver has accepted it} */
    Set<String> sentResolutions() {
        return Set.copyOf(sentResolutions.keySet());
    }

    /**
     * Forgets what was sent about other alerts, except the resolutions that the receiver has not accepted yet, and returns these.
     *
     * @param alertIds the ids of all alerts
     * @param isSentHere whether this aggregator sends the notifications about an alert
     */
    List<Alert> retainAlerts(Set<String> alertIds, Predicate<Alert> isSentHere, Instant now) {
        Predicate<Alert> isReplaced = alert -> !alertIds.contains(alert.id());
        sentResolutions
                .values()
                .removeIf(isReplaced.and(
                        alert -> isDelivered(alert) || !isSentHere.test(alert) || !isToBeRepeated(alert, now)));
        unstoredDeliveries.removeIf(state -> !alertIds.contains(state.id()));
        return sentResolutions.values().stream().filter(isReplaced).toList();
    }

    private static boolean isToBeRepeated(Alert alert, Instant now) {
        Instant endsAt = alert.endsAt();
        return alert.notified()
                && endsAt != null
                && Duration.between(endsAt, now).compareTo(AlertReconciler.RESOLVED_RETENTION) <= 0;
    }

    /**
     * Sends a notification about the pending alerts, unless one is being sent or it is too early.
     *
     * @param url null if there is no webhook; then all pending alerts count as delivered
     */
    void sendIfDue(List<Alert> pending, @Nullable ReceiverUrl url, long nanos, Instant now) {
        if (channel.isSending()) {
            return;
        }
        if (pending.isEmpty()) {
            isWaiting = false;
            return;
        }
        if (url == null) {
            addResolutions(pending);
            addDeliveries(pending);
            return;
        }
        if (!isWaiting) {
            isWaiting = true;
            waitingSinceNanos = nanos;
        }
        if (nanos - waitingSinceNanos >= GROUP_WAIT.toNanos() && channel.isReady(nanos)) {
            Notification notification = Notification.of(pending);
            addResolutions(notification.alerts());
            channel.send(
                    url,
                    notification.toJson(namespace, aggregator, now),
                    notification.alerts().size(),
                    nanos,
                    now,
                    () -> {
                        isWaiting = false;
                        addDeliveries(notification.alerts());
                    });
        }
    }

    /** Remembers that the resolutions among the alerts were sent, by this sender or perhaps by that of the previous leader. */
    void addResolutions(Collection<Alert> alerts) {
        alerts.stream().filter(Alert::isResolved).forEach(alert -> sentResolutions.putIfAbsent(alert.id(), alert));
    }

    private void addDeliveries(List<Alert> alerts) {
        alerts.forEach(alert -> unstoredDeliveries.add(AlertState.of(alert)));
    }
}
