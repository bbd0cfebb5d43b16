// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import io.tacho.concurrent.DaemonThreads;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpRetryException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URL;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * Posts over HTTP by the JDK's older client: it has no threads of its own and is not even loaded before the first message. Any
 * answer of 200 to 299 is a delivery; redirects are not followed, for the address is a secret of one host.
 *
 * <p>Thread safety: safe.
 */
final class HttpPoster implements Poster {

    private static final int CONNECT_MILLIS = 5_000;
    private static final int ANSWER_MILLIS = 10_000;
    private static final long CLOSE_MILLIS = 1_000;
    private static final long IDLE_SECONDS = 10;

    private final ExecutorService executor = executor();

    /** One thread, while there is something to do. */
    private static ExecutorService executor() {
        ThreadPoolExecutor one = new ThreadPoolExecutor(
                1,
                1,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                DaemonThreads.named("tacho-webhook"));
        one.allowCoreThreadTimeOut(true);
        return one;
    }

    @Override
    public CompletionStage<Outcome> post(WebhookAddress address, byte[] json) {
        try {
            return CompletableFuture.supplyAsync(() -> send(address, json), executor);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(new Outcome(0, "stopped"));
        }
    }

    private static Outcome send(WebhookAddress address, byte[] json) {
        try {
            int status = exchange(address.uri().toURL(), json);
            boolean delivered = status >= 200 && status < 300;
            return new Outcome(status, delivered ? "" : "status " + status + " (expected: 200 to 299)");
        } catch (IOException | RuntimeException e) {
            return new Outcome(0, problem(e));
        }
    }

    private static int exchange(URL url, byte[] json) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) url.openConnection();
        try {
            connection.setConnectTimeout(CONNECT_MILLIS);
            connection.setReadTimeout(ANSWER_MILLIS);
            connection.setInstanceFollowRedirects(false);
            connection.setUseCaches(false);
            connection.setRequestMethod("POST");
            connection.setRequestProperty("Content-Type", "application/json");
            connection.setRequestProperty("User-Agent", "tacho");
            // of a length that is told: then it is sent once, whatever happens
            connection.setFixedLengthStreamingMode(json.length);
            connection.setDoOutput(true);
            try (OutputStream body = connection.getOutputStream()) {
                body.write(json);
            }
            return connection.getResponseCode();
        } catch (HttpRetryException e) {
            // it wants to know who we are; that is an answer
            return e.responseCode();
        } finally {
            connection.disconnect();
        }
    }

    /** In our own words: those of an exception may hold the address. */
    private static String problem(Exception failure) {
        if (failure instanceof SocketTimeoutException) {
            return "no answer in time";
        }
        if (failure instanceof ConnectException) {
            return "cannot connect";
        }
        if (failure instanceof UnknownHostException) {
            return "unknown host";
        }
        return failure instanceof SSLException
                ? "TLS failed, " + failure.getClass().getSimpleName()
                : "the connection broke, " + failure.getClass().getSimpleName();
    }

    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
