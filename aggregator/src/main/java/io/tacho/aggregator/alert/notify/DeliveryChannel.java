// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

import io.tacho.aggregator.alert.rule.ReceiverUrl;
import io.tacho.concurrent.RateLimitedLog;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers notifications to one receiver, one at a time. After a failure it waits with exponential backoff, or for the delay that the
 * receiver requests, and logs a warning at most once a minute.
 *
 * <p>Thread safety: confined to the given executor.
 */
final class DeliveryChannel {

    /** The minimum time between two notifications. */
    static final Duration MIN_INTERVAL = Duration.ofSeconds(5);

    private static final Duration MIN_BACKOFF = Duration.ofSeconds(1);
    private static final Duration MAX_BACKOFF = Duration.ofMinutes(1);

    private static final Logger logger = LoggerFactory.getLogger(DeliveryChannel.class);

    private final String receiver;
    private final Webhook webhook;
    private final Executor executor;
    private final DeliveryLog deliveries;
    private final RateLimitedLog rateLimitedLog;

    private boolean isSending;
    private boolean hasSent;
    private long lastSentNanos;
    private Duration pause = Duration.ZERO;
    private int consecutiveFailures;

    /**
     * Creates a channel that has sent nothing.
     *
     * @param receiver the kind of the receiver, for the log
     * @param executor runs the callbacks of the webhook
     */
    DeliveryChannel(
            String receiver,
            Webhook webhook,
            Executor executor,
            DeliveryLog deliveries,
            RateLimitedLog rateLimitedLog) {
        this.receiver = receiver;
        this.webhook = webhook;
        this.executor = executor;
        this.deliveries = deliveries;
        this.rateLimitedLog = rateLimitedLog;
    }

    /** Returns true if a notification is being sent. */
    boolean isSending() {
        return isSending;
    }

    /** Returns true if no notification is being sent and the pause after the last one is over. */
    boolean isReady(long nanos) {
        return !isSending && (!hasSent || nanos - lastSentNanos >= pause.toNanos());
    }

    /**
     * Sends a notification.
     *
     * @param alertCount the number of alerts in it
     * @param onDelivered runs if the receiver has accepted it
     */
    void send(ReceiverUrl url, byte[] json, int alertCount, long nanos, Instant now, Runnable onDelivered) {
        hasSent = true;
        lastSentNanos = nanos;
        CompletionStage<Webhook.Result> sent = webhook.send(url, json);
        isSending = true;
        sent.exceptionally(failure ->
                        Webhook.Result.failed(0, "failed, " + failure.getClass().getSimpleName()))
                .thenAcceptAsync(
                        result -> {
                            onResult(url, alertCount, result, now);
                            if (result.isDelivered()) {
                                onDelivered.run();
                            }
                        },
                        executor);
    }

    private void onResult(ReceiverUrl url, int alertCount, Webhook.Result result, Instant sentAt) {
        isSending = false;
        deliveries.add(
                new DeliveryAttempt(sentAt, receiver + " " + url, alertCount, result.statusCode(), result.error()));
        if (result.isDelivered()) {
            if (consecutiveFailures > 0) {
                logger.info("{} {}: notifications are delivered again", receiver, url);
            }
            consecutiveFailures = 0;
            pause = MIN_INTERVAL;
        } else {
            pause = retryDelay(result);
            consecutiveFailures++;
            if (rateLimitedLog.isDue(receiver + " " + url)) {
                logger.warn(
                        "{} {}: {}; retrying in {} s; pending alerts: {}",
                        receiver,
                        url,
                        result.error(),
                        pause.toSeconds(),
                        alertCount);
            }
        }
    }

    private Duration retryDelay(Webhook.Result result) {
        Duration backoff = MIN_BACKOFF.multipliedBy(1L << Math.min(consecutiveFailures, 10));
        Duration bounded = backoff.compareTo(MAX_BACKOFF) > 0 ? MAX_BACKOFF : backoff;
        return bounded.compareTo(result.retryAfter()) > 0 ? bounded : result.retryAfter();
    }
}
