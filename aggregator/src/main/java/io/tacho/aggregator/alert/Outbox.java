// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import io.tacho.aggregator.alert.Poster.Outcome;
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
 * Tells alerts to a webhook, one message at a time: what comes together goes together, and what could not be told is told
 * again, ever less often.
 *
 * <p>Thread safety: confined to the given executor.
 */
final class Outbox {

    /** That an alert was told, or that it is over. */
    private record Told(String id, boolean over) {
        static Told of(Alert alert) {
            return new Told(alert.id(), alert.isOver());
        }
    }

    /**
     * A message that was sent.
     *
     * @param alerts how many were in it
     */
    record Delivery(Instant at, int alerts, Outcome outcome) {}

    /** Alerts seldom come alone: so long the first waits for others. */
    static final Duration COMPANY = Duration.ofSeconds(1);

    /** The shortest time between two messages. */
    static final Duration PAUSE = Duration.ofSeconds(5);

    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(1);
    private static final int REMEMBERED = 20;

    private static final Logger logger = LoggerFactory.getLogger(Outbox.class);

    private final Poster poster;
    private final Executor executor;
    private final String namespace;
    private final String sender;
    private final RateLimitedLog rareLog;
    private final Set<Told> told = new HashSet<>();
    private final Deque<Delivery> deliveries = new ArrayDeque<>();

    private boolean isWaiting;
    private boolean isSending;
    private long waitingSinceNanos;
    private boolean hasSent;
    private long lastNanos;
    private Duration pause = Duration.ZERO;
    private int failures;
    private long delivered;
    private long failed;

    /**
     * An empty outbox.
     *
     * @param executor where the outcome is taken
     */
    Outbox(Poster poster, Executor executor, String namespace, String sender, RateLimitedLog rareLog) {
        this.poster = poster;
        this.executor = executor;
        this.namespace = namespace;
        this.sender = sender;
        this.rareLog = rareLog;
    }

    /** Whether it has been told, as it is, and nobody has written that down yet. */
    boolean isTold(Alert alert) {
        return told.contains(Told.of(alert));
    }

    /** That has been written down. */
    void forget(Alert alert) {
        told.remove(Told.of(alert));
    }

    /** Nobody asks about others any more. */
    void keep(Set<String> ids) {
        told.removeIf(one -> !ids.contains(one.id()));
    }

    /**
     * Tells what is pending, if it is time.
     *
     * @param address null where there is none: then the log has said it all
     */
    void tell(List<Alert> pending, @Nullable WebhookAddress address, long nanos, Instant now) {
        if (isSending) {
            return;
        }
        if (pending.isEmpty()) {
            isWaiting = false;
            return;
        }
        if (address == null) {
            pending.forEach(alert -> told.add(Told.of(alert)));
            return;
        }
        if (!isWaiting) {
            isWaiting = true;
            waitingSinceNanos = nanos;
        }
        boolean isDue =
                nanos - waitingSinceNanos >= COMPANY.toNanos() && (!hasSent || nanos - lastNanos >= pause.toNanos());
        if (isDue) {
            send(Message.of(pending), address, nanos, now);
        }
    }

    private void send(Message message, WebhookAddress address, long nanos, Instant now) {
        isSending = true;
        hasSent = true;
        lastNanos = nanos;
        poster.post(address, message.json(namespace, sender, now))
                .exceptionally(failure ->
                        new Outcome(0, "failed, " + failure.getClass().getSimpleName()))
                .thenAcceptAsync(outcome -> sent(message, address, outcome, now), executor);
    }

    private void sent(Message message, WebhookAddress address, Outcome outcome, Instant at) {
        isSending = false;
        deliveries.addFirst(new Delivery(at, message.alerts().size(), outcome));
        while (deliveries.size() > REMEMBERED) {
            deliveries.removeLast();
        }
        if (outcome.isDelivered()) {
            delivered++;
            if (failures > 0) {
                logger.info("webhook {} takes messages again", address);
            }
            failures = 0;
            pause = PAUSE;
            isWaiting = false;
            message.alerts().forEach(alert -> told.add(Told.of(alert)));
            return;
        }
        failed++;
        pause = FIRST_RETRY.multipliedBy(1L << Math.min(failures, 10));
        pause = pause.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : pause;
        failures++;
        if (rareLog.isDue("webhook")) {
            logger.warn(
                    "webhook {}: {}; tried again, {} alerts wait",
                    address,
                    outcome.problem(),
                    message.alerts().size());
        }
    }

    /** The last messages, the newest first. */
    List<Delivery> deliveries() {
        return List.copyOf(deliveries);
    }

    long delivered() {
        return delivered;
    }

    long failed() {
        return failed;
    }
}
