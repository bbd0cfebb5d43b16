// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

import io.tacho.aggregator.alert.evaluate.StoredSilence;
import io.tacho.concurrent.Failures;
import io.tacho.store.alerts.AlertStore;
import io.tacho.store.alerts.AlertStoreUpdate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Creates and ends silences by the API of any aggregator. They are in the alert store, and in effect at the next evaluation of the leader.
 *
 * <p>Thread safety: safe; the store is called on the given executor.
 */
public final class SilenceService {

    /** More silences that were created by the API are rejected. */
    static final int MAX_SILENCES = 100;

    /** After which a silence of this aggregator is listed by the leader, or was not stored. */
    private static final Duration UNLISTED = Duration.ofSeconds(10);

    private static final int CREATED = 201;
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int UNAVAILABLE = 503;

    /**
     * The response to a request.
     *
     * @param status HTTP
     * @param message the id of the silence, or the error
     */
    public record Result(int status, String message) {

        /** {@return whether the request failed} */
        public boolean isError() {
            return status >= BAD_REQUEST;
        }
    }

    private final AlertStore store;
    private final LatestAlertStatus status;
    private final Executor executor;
    private final InstantSource clock;
    private final Map<String, Instant> created = new HashMap<>();

    SilenceService(AlertStore store, LatestAlertStatus status, Executor executor, InstantSource clock) {
        this.store = store;
        this.status = status;
        this.executor = executor;
        this.clock = clock;
    }

    /** Creates the silence that a JSON body describes; the result has its id. */
    public CompletionStage<Result> create(byte[] body) {
        StoredSilence silence;
        try {
            silence = SilenceRequest.parse(body, clock.instant());
        } catch (IllegalArgumentException e) {
            return done(BAD_REQUEST, String.valueOf(e.getMessage()));
        }
        if (!status.status().hasRules()) {
            return done(CONFLICT, "this aggregator has no alert rules (expected: --alerts)");
        }
        if (!reserve(silence.id())) {
            return done(CONFLICT, MAX_SILENCES + " silences exist already (expected: fewer); end one");
        }
        return edit(
                new AlertStoreUpdate(false, Map.of(silence.key(), silence.toJson()), Set.of()),
                new Result(CREATED, silence.id()));
    }

    /** Returns whether there is room for one more, beside those that are stored and those that are about to be. */
    private synchronized boolean reserve(String id) {
        Instant now = clock.instant();
        created.values().removeIf(time -> time.plus(UNLISTED).isBefore(now));
        Set<String> ids = new HashSet<>(created.keySet());
        status.status().storedSilences().keySet().forEach(stored -> ids.add(stored.id()));
        if (ids.size() >= MAX_SILENCES) {
            return false;
        }
        created.put(id, now);
        return true;
    }

    /** Ends a silence; the result has its id. */
    public CompletionStage<Result> end(String id) {
        boolean isKnown = status.status().storedSilences().keySet().stream()
                .anyMatch(silence -> silence.id().equals(id));
        if (!isKnown) {
            return done(NOT_FOUND, "no such silence (expected: the id of one in /alerts that was created by the API)");
        }
        return edit(new AlertStoreUpdate(false, Map.of(), Set.of(StoredSilence.key(id))), new Result(OK, id));
    }

    private CompletionStage<Result> edit(AlertStoreUpdate update, Result result) {
        return CompletableFuture.supplyAsync(() -> store.edit(update), executor)
                .thenCompose(stored -> stored)
                .handle((stored, failure) -> failure == null
                        ? result
                        : new Result(UNAVAILABLE, "the silence was not stored in Redis: " + Failures.message(failure)));
    }

    private static CompletionStage<Result> done(int code, String message) {
        return CompletableFuture.completedFuture(new Result(code, message));
    }
}
