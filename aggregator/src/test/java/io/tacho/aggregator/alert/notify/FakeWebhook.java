// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.aggregator.alert.rule.ReceiverUrl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A webhook that responds as the test requires. */
final class FakeWebhook implements Webhook {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The accepted notifications. */
    final List<JsonNode> messages = new ArrayList<>();

    /** The URLs of the accepted notifications. */
    final List<String> urls = new ArrayList<>();

    private int status = 200;
    private Duration retryAfter = Duration.ZERO;
    private final List<CompletableFuture<Result>> openRequests = new ArrayList<>();
    private boolean isResponding = true;
    private int attempts;

    /** Sets the status of the following responses. */
    void setStatus(int newStatus) {
        status = newStatus;
    }

    /** Sets the delay that the following responses request. */
    void setRetryAfter(Duration delay) {
        retryAfter = delay;
    }

    /** Accepts notifications without a response from now on. */
    void stopResponding() {
        isResponding = false;
    }

    /** Completes the notifications without a response, and responds at once from now on. */
    void resumeResponding(Result result) {
        isResponding = true;
        List<CompletableFuture<Result>> open = List.copyOf(openRequests);
        openRequests.clear();
        open.forEach(request -> request.complete(result));
    }

    int attempts() {
        return attempts;
    }

    /** Returns the texts of all notifications. */
    List<String> texts() {
        return messages.stream().map(message -> message.path("text").asText()).toList();
    }

    /** Returns the ids of the alerts of all notifications. */
    List<String> ids() {
        List<String> ids = new ArrayList<>();
        messages.forEach(message -> ids.addAll(message.path("alerts").findValuesAsText("id")));
        return ids;
    }

    @Override
    public CompletionStage<Result> send(ReceiverUrl url, byte[] json) {
        attempts++;
        if (status < 300) {
            try {
                messages.add(JSON.readTree(json));
                urls.add(url.uri().toString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        CompletableFuture<Result> response = new CompletableFuture<>();
        if (isResponding) {
            response.complete(new Result(status, status < 300 ? "" : "status " + status, retryAfter));
        } else {
            openRequests.add(response);
        }
        return response;
    }

    @Override
    public void close() {}
}
