// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.aggregator.api.V1Api;
import java.util.Locale;

/**
 * {@code /api/}: takes a v1 request out of HTTP. JSON comes as the body with its signature in a header; everything else is a
 * form, in the body or the query, with the members {@code data} and {@code sign}.
 */
final class V1Endpoint implements Endpoint {

    private final V1Api api;

    V1Endpoint(V1Api api) {
        this.api = api;
    }

    @Override
    public Answer answer(Request request) {
        String contentType = request.headers().firstOrEmpty("Content-Type").toLowerCase(Locale.ROOT);
        V1Api.Answer answer;
        if (contentType.startsWith("application/json")) {
            answer = api.answer(request.body(), request.headers().firstOrEmpty("X-API-Sign"));
        } else {
            GoForm form = GoForm.of(request, contentType);
            answer = api.answer(form.first("data"), new String(form.first("sign"), UTF_8));
        }
        return switch (answer.status()) {
            case OK -> WholeAnswer.json(Status.OK, answer.body());
            case BAD_REQUEST -> WholeAnswer.text(Status.BAD_REQUEST, "Bad Request\n");
            case UNAUTHORIZED -> WholeAnswer.text(Status.UNAUTHORIZED, "Unauthorized\n");
        };
    }
}
