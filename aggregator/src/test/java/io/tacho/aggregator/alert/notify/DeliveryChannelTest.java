// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.alert.evaluate.Alert;
import io.tacho.aggregator.alert.evaluate.Violation;
import io.tacho.aggregator.alert.rule.ReceiverUrl;
import io.tacho.concurrent.RateLimitedLog;
import io.tacho.testing.CapturedLog;
import io.tacho.testing.ManualTicker;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** One receiver, and the sender that groups alerts for it; the test completes each request itself. */
@Isolated("reads the log")
class DeliveryChannelTest {

    private static final ReceiverUrl URL = new ReceiverUrl(URI.create("https://hooks.example/s3cret"));

    private final ManualTicker ticker = new ManualTicker();
    private final Queue<CompletableFuture<Webhook.Result>> requests = new ArrayDeque<>();
    private final List<String> bodies = new ArrayList<>();
    private final Webhook webhook = new Webhook() {
        @Override
        public CompletionStage<Result> send(ReceiverUrl url, byte[] json) {
            CompletableFuture<Result> request = new CompletableFuture<>();
            requests.add(request);
            bodies.add(new String(json, StandardCharsets.UTF_8));
            return request;
        }

        @Override
        public void close() {}
    };
    private final DeliveryLog log = new DeliveryLog();
    private final DeliveryChannel channel =
            new DeliveryChannel("webhook", webhook, Runnable::run, log, new RateLimitedLog(ticker));
    private final NotificationSender sender = new NotificationSender(channel, "chat", "web-1");
    private int delivered;

    private void send() {
        channel.send(URL, new byte[] {'{', '}'}, 3, ticker.getAsLong(), ticker.instant(), () -> delivered++);
    }

    /** Sends a notification that fails, and returns the seconds until the channel is ready again. */
    private int secondsAfterFailure(Duration retryAfter) {
        send();
        requests.remove().complete(new Webhook.Result(503, "status 503", retryAfter));
        int seconds = 0;
        while (!channel.isReady(ticker.getAsLong())) {
            ticker.advance(Duration.ofSeconds(1));
            seconds++;
        }
        return seconds;
    }

    @Test
    void channel_sendsOneNotificationAtATime_andPausesAfterEach() {
        assertThat(channel.isReady(ticker.getAsLong()))
                .as("nothing was sent yet")
                .isTrue();
        send();
        ticker.advance(Duration.ofHours(1));
        assertThat(channel.isSending()).isTrue();
        assertThat(channel.isReady(ticker.getAsLong())).as("no response yet").isFalse();

        requests.remove().complete(Webhook.Result.delivered(202));
        assertThat(channel.isSending()).isFalse();
        assertThat(channel.isReady(ticker.getAsLong()))
                .as("the pause starts with the request")
                .isTrue();
        assertThat(delivered).isEqualTo(1);

        send();
        requests.remove().complete(Webhook.Result.delivered(202));
        ticker.advance(DeliveryChannel.MIN_INTERVAL.minusNanos(1));
        assertThat(channel.isReady(ticker.getAsLong())).isFalse();
        ticker.advance(Duration.ofNanos(1));
        assertThat(channel.isReady(ticker.getAsLong())).isTrue();
    }

    @Test
    void failures_doubleTheBackoffUpToAMinute_deliveryResetsIt() {
        assertThat(IntStream.range(0, 9).map(i -> secondsAfterFailure(Duration.ZERO)))
                .containsExactly(1, 2, 4, 8, 16, 32, 60, 60, 60);
        assertThat(delivered).isZero();

        send();
        requests.remove().complete(Webhook.Result.delivered(200));
        ticker.advance(DeliveryChannel.MIN_INTERVAL);
        assertThat(secondsAfterFailure(Duration.ZERO)).isEqualTo(1);
    }

    @Test
    void requestedDelay_isKeptIfItIsLongerThanTheBackoff() {
        assertThat(secondsAfterFailure(Duration.ofSeconds(90))).isEqualTo(90);
        assertThat(secondsAfterFailure(Duration.ofSeconds(1)))
                .as("the backoff is 2 s")
                .isEqualTo(2);
    }

    @Test
    void webhookThatFailsWithAnException_countsAsAFailedAttempt() {
        send();
        requests.remove().completeExceptionally(new IllegalStateException("s3cret"));

        assertThat(channel.isSending()).isFalse();
        assertThat(log.failedCount()).isEqualTo(1);
        assertThat(log.recentAttempts().get(0))
                .isEqualTo(new DeliveryAttempt(
                        ticker.instant(), "webhook https://hooks.example/***", 3, 0, "failed, IllegalStateException"));
    }

    @Test
    void failures_areLoggedOncePerMinute_recoveryIsLoggedOnce() {
        try (CapturedLog captured = CapturedLog.of(DeliveryChannel.class)) {
            for (int i = 0; i < 3; i++) {
                secondsAfterFailure(Duration.ZERO);
            }
            for (int i = 0; i < 2; i++) {
                send();
                requests.remove().complete(Webhook.Result.delivered(200));
            }

            assertThat(captured.lines())
                    .containsExactly(
                            "WARN webhook https://hooks.example/***: status 503; retrying in 1 s; pending alerts: 3",
                            "INFO webhook https://hooks.example/***: notifications are delivered again");
        }
    }

    @Test
    void log_keepsTheLastTwentyAttempts_andCountsAll() {
        for (int i = 0; i < 30; i++) {
            log.add(new DeliveryAttempt(ticker.instant(), "webhook", i, 200, i % 3 == 0 ? "failed" : ""));
        }

        assertThat(log.recentAttempts())
                .extracting(DeliveryAttempt::alertCount)
                .containsExactlyElementsOf(
                        IntStream.iterate(29, i -> i - 1).limit(20).boxed().toList());
        assertThat(log.deliveredCount()).isEqualTo(20);
        assertThat(log.failedCount()).isEqualTo(10);
    }

    private Alert alert(String id, boolean resolved) {
        return new Alert(
                id,
                "slow",
                "warning",
                new Violation(id, id, 1, id + ": slow"),
                ticker.instant(),
                false,
                resolved ? ticker.instant() : null,
                resolved ? "fast" : "");
    }

    private void sendIfDue(List<Alert> pending, Duration after) {
        ticker.advance(after);
        sender.sendIfDue(pending, URL, ticker.getAsLong(), ticker.instant());
    }

    @Test
    void sender_waitsForFurtherAlertsOfAGroup() {
        Alert first = alert("a", false);
        Alert second = alert("b", false);
        sendIfDue(List.of(first), Duration.ZERO);
        sendIfDue(List.of(first, second), NotificationSender.GROUP_WAIT.minusNanos(1));
        assertThat(requests).isEmpty();

        sendIfDue(List.of(first, second), Duration.ofNanos(1));
        assertThat(bodies).hasSize(1);
        assertThat(bodies.get(0)).contains("FIRING slow (2): a: slow; b: slow").contains("\"namespace\":\"chat\"");
        assertThat(sender.isDelivered(first)).as("no response yet").isFalse();

        requests.remove().complete(Webhook.Result.delivered(200));
        assertThat(sender.isDelivered(first)).isTrue();
        assertThat(sender.isDelivered(alert("a", true)))
                .as("the resolution is a notification of its own")
                .isFalse();
    }

    @Test
    void sender_groupResolvedBeforeItIsSent_nextGroupWaitsTheFullInterval() {
        sendIfDue(List.of(alert("a", false)), Duration.ZERO);
        sendIfDue(List.of(), Duration.ofMillis(500));
        sendIfDue(List.of(alert("b", false)), Duration.ofMillis(500));
        assertThat(requests).isEmpty();

        sendIfDue(List.of(alert("b", false)), Duration.ofSeconds(1));
        assertThat(requests).hasSize(1);
    }

    @Test
    void sender_afterAFailure_sendsAgainWithoutGrouping_onceTheBackoffHasPassed() {
        List<Alert> pending = List.of(alert("a", false));
        sendIfDue(pending, Duration.ZERO);
        sendIfDue(pending, Duration.ofSeconds(1));
        requests.remove().complete(Webhook.Result.failed(500, "status 500"));
        assertThat(sender.isDelivered(pending.get(0))).isFalse();

        sendIfDue(pending, Duration.ofMillis(999));
        assertThat(requests).isEmpty();
        sendIfDue(pending, Duration.ofMillis(1));
        assertThat(requests).hasSize(1);
    }

    @Test
    void sender_withoutReceiver_countsAlertsAsDeliveredImmediately() {
        sender.sendIfDue(List.of(alert("a", false)), null, ticker.getAsLong(), ticker.instant());

        assertThat(bodies).isEmpty();
        assertThat(sender.isDelivered(alert("a", false))).isTrue();
    }

    @Test
    void sender_remembersSentResolutions() {
        List<Alert> pending = List.of(alert("a", false), alert("b", true), alert("c", true));
        sendIfDue(pending, Duration.ZERO);
        assertThat(sender.sentResolutions()).as("not yet sent").isEmpty();

        sendIfDue(pending, Duration.ofSeconds(1));
        assertThat(sender.sentResolutions()).as("without a response").containsExactlyInAnyOrder("b", "c");
        requests.remove().complete(Webhook.Result.failed(0, "no response"));
        sender.retainAlerts(Set.of("a", "b"), alert -> true, ticker.instant());
        assertThat(sender.sentResolutions()).as("c was never notified").containsExactly("b");

        sender.forgetDelivery(alert("b", true));
        assertThat(sender.sentResolutions()).isEmpty();
    }

    @Test
    void sender_forgetsStoredAndRemovedAlerts() {
        List<Alert> alerts = List.of(alert("a", false), alert("a", true), alert("b", false), alert("c", false));
        sender.sendIfDue(alerts, null, ticker.getAsLong(), ticker.instant());

        sender.forgetDelivery(alert("a", false));
        sender.retainAlerts(Set.of("a", "b"), alert -> true, ticker.instant());

        assertThat(alerts).extracting(sender::isDelivered).containsExactly(false, true, true, false);
    }
}
