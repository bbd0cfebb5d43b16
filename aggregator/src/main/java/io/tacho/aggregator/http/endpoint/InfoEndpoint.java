// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.endpoint;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tacho.aggregator.centrifugo.v2.InfoApi;
import io.tacho.aggregator.http.message.AsyncResponse;
import io.tacho.aggregator.http.message.FullResponse;
import io.tacho.aggregator.http.message.Request;
import io.tacho.aggregator.http.message.Response;
import io.tacho.aggregator.http.routing.AccessControl;
import io.tacho.aggregator.http.routing.Role;
import io.tacho.text.HeaderText;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code /api} and the paths below it, as served by Centrifugo 2 to 6: POST only, with a key in a header or the query. Rejections have
 * no body. */
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

    /** Responds to methods that only Centrifugo has. */
    Response unavailable(Request request) {
        FullResponse rejection = rejection(request);
        String errors = request.headers().get("X-Centrifugo-Error-Mode", "");
        return rejection != null ? rejection : whole(InfoApi.notAvailable(errors.equals("transport")));
    }

    private Response posted(Request request, Function<byte[], CompletionStage<InfoApi.Response>> method) {
        FullResponse rejection = rejection(request);
        return rejection != null
                ? rejection
                : new AsyncResponse(method.apply(request.body()).thenApply(InfoEndpoint::whole));
    }

    private static FullResponse whole(InfoApi.Response response) {
        if (response.body().length == 0 && response.status() == HttpResponseStatus.BAD_REQUEST.code()) {
            return FullResponse.text(HttpResponseStatus.BAD_REQUEST, "Bad Request\n");
        }
        return FullResponse.json(
                response.status() == HttpResponseStatus.OK.code()
                        ? HttpResponseStatus.OK
                        : HttpResponseStatus.BAD_REQUEST,
                response.body());
    }

    private @Nullable FullResponse rejection(Request request) {
        if (!request.method().equals("POST")) {
            return FullResponse.empty(HttpResponseStatus.METHOD_NOT_ALLOWED).with("Allow", "POST");
        }
        String inQuery = queryKey(request);
        boolean admitted = keys.admits(request, Role.READ, headerKey(request))
                || (inQuery != null && keys.admits(request, Role.READ, inQuery));
        return admitted ? null : FullResponse.empty(HttpResponseStatus.UNAUTHORIZED);
    }

    /** {@code X-API-Key: K}, or otherwise {@code Authorization: apikey K}. */
    private static @Nullable String headerKey(Request request) {
        String key = request.headers().get("X-API-Key", "");
        if (!key.isEmpty()) {
            return HeaderText.decoded(key);
        }
        List<String> parts =
                List.of(request.headers().get("Authorization", "").trim().split("\\s+", -1));
        return parts.size() == 2 && parts.get(0).toLowerCase(Locale.ROOT).equals("apikey")
                ? HeaderText.decoded(parts.get(1))
                : null;
    }

    private static @Nullable String queryKey(Request request) {
        List<String> keys = request.query(query -> query.all("api_key"));
        return keys.isEmpty() ? null : keys.get(0);
    }
}
