// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.endpoint;

import io.tacho.aggregator.centrifugo.v2.InfoApi;
import io.tacho.aggregator.http.message.AsyncResponse;
import io.tacho.aggregator.http.message.FullResponse;
import io.tacho.aggregator.http.message.Request;
import io.tacho.aggregator.http.message.Response;
import io.tacho.aggregator.http.message.Status;
import io.tacho.aggregator.http.routing.AccessControl;
import io.tacho.aggregator.http.routing.Role;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code /api} and below, as Centrifugo 2–6 serve it: POST only, with a key of its own kind, refused without a body. */
final class InfoEndpoint {

    private final InfoApi api;
    private final AccessControl keys;

    InfoEndpoint(InfoApi api, AccessControl keys) {
        this.api = api;
        this.keys = keys;
    }

    Response commands(Request request) {
        return posted(request, api::commands);
    }

    Response info(Request request) {
        return posted(request, api::info);
    }

    Response batch(Request request) {
        return posted(request, api::batch);
    }

    /** What only a Centrifugo can do. */
    Response unavailable(Request request) {
        FullResponse refusal = refusal(request);
        String errors = request.headers().firstOrEmpty("X-Centrifugo-Error-Mode");
        return refusal != null ? refusal : whole(InfoApi.notAvailable(errors.equals("transport")));
    }

    private Response posted(Request request, Function<byte[], CompletionStage<InfoApi.Response>> method) {
        FullResponse refusal = refusal(request);
        return refusal != null
                ? refusal
                : new AsyncResponse(method.apply(request.body()).thenApply(InfoEndpoint::whole));
    }

    private static FullResponse whole(InfoApi.Response answer) {
        if (answer.body().length == 0 && answer.status() == Status.BAD_REQUEST.code()) {
            return FullResponse.text(Status.BAD_REQUEST, "Bad Request\n");
        }
        return FullResponse.json(answer.status() == Status.OK.code() ? Status.OK : Status.BAD_REQUEST, answer.body());
    }

    private @Nullable FullResponse refusal(Request request) {
        if (!request.method().equals("POST")) {
            return FullResponse.empty(Status.METHOD_NOT_ALLOWED).with("Allow", "POST");
        }
        String inQuery = queryKey(request);
        boolean admitted = keys.admits(request, Role.READ, headerKey(request))
                || (inQuery != null && keys.admits(request, Role.READ, inQuery));
        return admitted ? null : FullResponse.empty(Status.UNAUTHORIZED);
    }

    /** {@code X-API-Key: K}, or without that {@code Authorization: apikey K}. */
    private static @Nullable String headerKey(Request request) {
        String key = request.headers().firstOrEmpty("X-API-Key");
        if (!key.isEmpty()) {
            return key;
        }
        List<String> words =
                List.of(request.headers().firstOrEmpty("Authorization").trim().split("\\s+", -1));
        return words.size() == 2 && words.get(0).toLowerCase(Locale.ROOT).equals("apikey") ? words.get(1) : null;
    }

    private static @Nullable String queryKey(Request request) {
        List<String> keys = request.query().all("api_key");
        return keys.isEmpty() ? null : keys.get(0);
    }
}
