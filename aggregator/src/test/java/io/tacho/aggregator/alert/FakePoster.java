// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A webhook that does what the test wants. */
final class FakePoster implements Poster {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What has arrived. */
    final List<JsonNode> messages = new ArrayList<>();

    private int status = 200;
    private boolean hangs;
    private int attempts;

    /** From now on it answers so. */
    void answer(int answered) {
        status = answered;
    }

    /** From now on it takes messages, but nobody hears that. */
    void hang() {
        hangs = true;
    }

    int attempts() {
        return attempts;
    }

    /** The texts of all messages. */
    List<String> texts() {
        return messages.stream().map(message -> message.path("text").asText()).toList();
    }

    List<String> ids() {
        List<String> ids = new ArrayList<>();
        messages.forEach(message -> ids.addAll(message.findValuesAsText("id")));
        return ids;
    }

    @Override
    public CompletionStage<Outcome> post(WebhookAddress address, byte[] json) {
        attempts++;
        if (status < 300) {
            try {
                messages.add(JSON.readTree(json));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return hangs
                ? new CompletableFuture<>()
                : CompletableFuture.completedFuture(new Outcome(status, status < 300 ? "" : "status " + status));
    }

    @Override
    public void close() {}
}
