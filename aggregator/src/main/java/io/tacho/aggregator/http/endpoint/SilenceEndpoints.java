// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.endpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tacho.aggregator.alert.notify.SilenceService;
import io.tacho.aggregator.alert.notify.SilenceService.Result;
import io.tacho.aggregator.http.message.AsyncResponse;
import io.tacho.aggregator.http.message.FullResponse;
import io.tacho.aggregator.http.message.Request;
import io.tacho.aggregator.http.message.Response;
import java.util.concurrent.CompletionStage;

/** {@code POST /alerts/silences} and {@code POST /alerts/silences/<id>/end}. */
final class SilenceEndpoints {

    private final SilenceService service;

    SilenceEndpoints(SilenceService service) {
        this.service = service;
    }

    Response create(Request request) {
        return response(service.create(request.body()));
    }

    Response end(Request request) {
        return response(service.end(request.variable("id")));
    }

    private static Response response(CompletionStage<Result> result) {
        return new AsyncResponse(result.thenApply(SilenceEndpoints::response));
    }

    private static FullResponse response(Result result) {
        HttpResponseStatus status = HttpResponseStatus.valueOf(result.status());
        FullResponse response = result.isError()
                ? FullResponse.error(status, result.message())
                : FullResponse.json(status, ("{\"silenceID\":\"" + result.message() + "\"}").getBytes(UTF_8));
        return response.with("Cache-Control", "no-store");
    }
}
