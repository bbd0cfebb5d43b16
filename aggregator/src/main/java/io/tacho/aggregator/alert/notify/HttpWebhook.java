// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

import io.tacho.aggregator.alert.rule.ReceiverUrl;
import io.tacho.concurrent.DaemonThreads;
import io.tacho.concurrent.Failures;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Sends notifications as HTTP POST requests. A status of 200 to 299 is a delivery. Redirects are not followed, because the URL is a
 * secret of one host. One timeout covers connecting, sending and the response headers. The HTTP client and its threads are created with
 * the first notification.
 *
 * <p>Thread safety: safe.
 */
final class HttpWebhook implements Webhook {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration MAX_RETRY_AFTER = Duration.ofHours(1);
    private static final long CLOSE_MILLIS = 1_000;
    private static final long IDLE_SECONDS = 10;
    private static final int THREADS = 2;

    private final Duration timeout;
    private final InstantSource clock;
    private @Nullable HttpClient client;
    private final Set<CompletableFuture<Result>> pending = ConcurrentHashMap.newKeySet();
    private boolean closed;

    /** Creates a webhook without a connection. */
    HttpWebhook() {
        this(TIMEOUT, InstantSource.system());
    }

    /** Creates a webhook with another timeout and clock, for tests. */
    HttpWebhook(Duration timeout, InstantSource clock) {
        this.timeout = timeout;
        this.clock = clock;
    }

    private static HttpClient createClient() {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                DaemonThreads.named("tacho-webhook"));
        executor.allowCoreThreadTimeOut(true);
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(executor)
                .build();
    }

    @Override
    @SuppressWarnings("CollectionUndefinedEquality") // a set of identities
    public synchronized CompletionStage<Result> send(ReceiverUrl url, byte[] json) {
        if (closed) {
            return CompletableFuture.completedFuture(Result.failed(0, "stopped"));
        }
        CompletableFuture<HttpResponse<InputStream>> exchange;
        try {
            if (client == null) {
                client = createClient();
            }
            exchange = client.sendAsync(request(url, json), BodyHandlers.ofInputStream());
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(Result.failed(0, describeError(e)));
        }
        CompletableFuture<Result> result = exchange.copy()
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .handle((response, failure) -> {
                    if (failure == null) {
                        return toResult(response);
                    }
                    exchange.cancel(true);
                    return Result.failed(0, describeError(failure));
                });
        pending.add(result);
        result.whenComplete((done, failure) -> pending.remove(result));
        return result;
    }

    private HttpRequest request(ReceiverUrl url, byte[] json) {
        return HttpRequest.newBuilder(url.uri())
                .timeout(timeout)
                .header("Content-Type", "application/json")
                .header("User-Agent", "tacho")
                .POST(BodyPublishers.ofByteArray(json))
                .build();
    }

    private Result toResult(HttpResponse<InputStream> response) {
        try {
            // the body is not needed; closing it also closes the connection if the body is incomplete
            response.body().close();
        } catch (IOException e) {
            // the status is known, and it decides
        }
        int status = response.statusCode();
        if (status >= 200 && status < 300) {
            return Result.delivered(status);
        }
        String error = status >= 300 && status < 400
                ? "status " + status + ", redirects are not followed (expected: 200 to 299)"
                : "status " + status + " (expected: 200 to 299)";
        return new Result(status, error, retryAfter(response.headers()));
    }

    /** Parses a Retry-After header, in seconds or as a date; returns zero if there is none or it is invalid. */
    private Duration retryAfter(HttpHeaders headers) {
        String text = headers.firstValue("Retry-After").orElse("").strip();
        Duration delay = Duration.ZERO;
        if (text.matches("\\d{1,9}")) {
            delay = Duration.ofSeconds(Long.parseLong(text));
        } else if (!text.isEmpty()) {
            try {
                Instant time = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant();
                delay = Duration.between(clock.instant(), time);
            } catch (DateTimeException e) {
                return Duration.ZERO;
            }
        }
        if (delay.isNegative()) {
            return Duration.ZERO;
        }
        return delay.compareTo(MAX_RETRY_AFTER) > 0 ? MAX_RETRY_AFTER : delay;
    }

    /** Describes a failure without the message of the exception, which may contain the URL. */
    String describeError(Throwable thrown) {
        Throwable failure = Failures.unwrap(thrown);
        if (failure instanceof TimeoutException || failure instanceof HttpTimeoutException) {
            return "no response within " + timeout.toMillis() + " ms";
        }
        if (failure instanceof ConnectException) {
            return Failures.find(UnresolvedAddressException.class, failure) == null ? "cannot connect" : "unknown host";
        }
        // the client wraps it if it has begun to wait for the response
        SSLException tls = Failures.find(SSLException.class, failure);
        return tls == null
                ? "connection failed, " + failure.getClass().getSimpleName()
                : "TLS failed, " + tls.getClass().getSimpleName();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            client = null;
        }
        List<CompletableFuture<Result>> last = List.copyOf(pending);
        try {
            CompletableFuture.allOf(last.toArray(CompletableFuture[]::new)).get(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            last.forEach(request -> request.cancel(true));
        }
    }
}
