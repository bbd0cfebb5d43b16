// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

import io.tacho.aggregator.alert.evaluate.Alert;
import io.tacho.aggregator.alert.rule.WebhookUrl;
import io.tacho.concurrent.RateLimitedLog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends notifications about pending alerts to the webhook, one at a time, and remembers which alerts were delivered until this is
 * stored. Alerts that start together are grouped into one notification. A failed notification is retried with exponential backoff,
 * or after the delay that the receiver requests.
 *
 * <p>Thread safety: confined to the given executor.
 */
final class NotificationSender {

    /** An alert in one of its two states. */
    private record AlertState(String id, boolean isResolved) {
        static AlertState of(Alert alert) {
            return new AlertState(alert.id(), alert.isResolved());
        }
    }

    /** The time that the first alert of a group waits for further alerts. */
    static final Duration GROUP_WAIT = Duration.ofSeconds(1);

    /** The minimum time between two notifications. */
    static final Duration GROUP_INTERVAL = Duration.ofSeconds(5);

    private static final Duration MIN_BACKOFF = Duration.ofSeconds(1);
    private static final Duration MAX_BACKOFF = Duration.ofMinutes(1);
    private static final int MAX_ATTEMPTS = 20;

    private static final Logger logger = LoggerFactory.getLogger(NotificationSender.class);

    private final Webhook webhook;
    private final Executor executor;
    private final String namespace;
    private final String aggregator;
    private final RateLimitedLog rateLimitedLog;
    private final Set<AlertState> unstoredDeliveries = new HashSet<>();
    private final Deque<DeliveryAttempt> recentAttempts = new ArrayDeque<>();

    private boolean isWaiting;
    private boolean isSending;
    private long waitingSinceNanos;
    private boolean hasSent;
    private long lastSentNanos;
    private Duration pause = Duration.ZERO;
    private int consecutiveFailures;
    private long deliveredCount;
    private long failedCount;

    /**
     * Creates a sender that has sent nothing.
     *
     * @param executor runs the callbacks of the webhook
     */
    NotificationSender(
            Webhook webhook, Executor executor, String namespace, String aggregator, RateLimitedLog rateLimitedLog) {
        this.webhook = webhook;
        this.executor = executor;
        this.namespace = namespace;
        this.aggregator = aggregator;
        this.rateLimitedLog = rateLimitedLog;
    }

    /** Returns true if the alert in its current state was delivered and this is not stored yet. */
    boolean isDelivered(Alert alert) {
        return unstoredDeliveries.contains(AlertState.of(alert));
    }

    /** Forgets that the alert was delivered, because it is stored as notified. */
    void forgetDelivery(Alert alert) {
        unstoredDeliveries.remove(AlertState.of(alert));
    }

    /** Forgets all delivered alerts except those with the given ids. */
    void retainDeliveries(Set<String> alertIds) {
        unstoredDeliveries.removeIf(state -> !alertIds.contains(state.id()));
    }

    /**
     * Sends a notification about the pending alerts, unless one is being sent or it is too early.
     *
     * @param url null if alerts are only logged; then all pending alerts count as delivered
     */
    void sendIfDue(List<Alert> pending, @Nullable WebhookUrl url, long nanos, Instant now) {
        if (isSending) {
            return;
        }
        if (pending.isEmpty()) {
            isWaiting = false;
            return;
        }
        if (url == null) {
            pending.forEach(alert -> unstoredDeliveries.add(AlertState.of(alert)));
            return;
        }
        if (!isWaiting) {
            isWaiting = true;
            waitingSinceNanos = nanos;
        }
        boolean isDue = nanos - waitingSinceNanos >= GROUP_WAIT.toNanos()
                && (!hasSent || nanos - lastSentNanos >= pause.toNanos());
        if (isDue) {
            send(Notification.of(pending), url, nanos, now);
        }
    }

    private void send(Notification notification, WebhookUrl url, long nanos, Instant now) {
        isSending = true;
        hasSent = true;
        lastSentNanos = nanos;
        webhook.send(url, notification.toJson(namespace, aggregator, now))
                .exceptionally(failure ->
                        Webhook.Result.failed(0, "failed, " + failure.getClass().getSimpleName()))
                .thenAcceptAsync(result -> onResult(notification, url, result, now), executor);
    }

    private void onResult(Notification notification, WebhookUrl url, Webhook.Result result, Instant sentAt) {
        isSending = false;
        recentAttempts.addFirst(
                new DeliveryAttempt(sentAt, notification.alerts().size(), result.statusCode(), result.error()));
        while (recentAttempts.size() > MAX_ATTEMPTS) {
            recentAttempts.removeLast();
        }
        if (result.isDelivered()) {
            deliveredCount++;
            if (consecutiveFailures > 0) {
                logger.info("webhook {}: notifications are delivered again", url);
            }
            consecutiveFailures = 0;
            pause = GROUP_INTERVAL;
            isWaiting = false;
            notification.alerts().forEach(alert -> unstoredDeliveries.add(AlertState.of(alert)));
        } else {
            failedCount++;
            pause = retryDelay(result);
            consecutiveFailures++;
            if (rateLimitedLog.isDue("webhook")) {
                logger.warn(
                        "webhook {}: {}; retrying in {} s; pending alerts: {}",
                        url,
                        result.error(),
                        pause.toSeconds(),
                        notification.alerts().size());
            }
        }
    }

    private Duration retryDelay(Webhook.Result result) {
        Duration backoff = MIN_BACKOFF.multipliedBy(1L << Math.min(consecutiveFailures, 10));
        Duration bounded = backoff.compareTo(MAX_BACKOFF) > 0 ? MAX_BACKOFF : backoff;
        return bounded.compareTo(result.retryAfter()) > 0 ? bounded : result.retryAfter();
    }

    /** Returns the last delivery attempts, newest first. */
    List<DeliveryAttempt> recentAttempts() {
        return List.copyOf(recentAttempts);
    }

    /** {@return the number of delivered notifications} */
    long deliveredCount() {
        return deliveredCount;
    }

    /** {@return the number of failed attempts to deliver a notification} */
    long failedCount() {
        return failedCount;
    }
}
