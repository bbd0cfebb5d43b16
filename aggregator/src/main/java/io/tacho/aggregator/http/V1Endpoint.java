// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.tacho.aggregator.api.V1Api;
import java.util.List;
import java.util.Locale;

/**
 * {@code /api/}: takes a v1 request out of HTTP. JSON comes as the body with its signature in a header; everything else is a
 * form, in the body or the query, with the members {@code data} and {@code sign}.
 */
final class V1Endpoint implements HttpEndpoint {

    private static final int MAX_FORM_MEMBERS = 64;

    private final V1Api api;

    V1Endpoint(V1Api api) {
        this.api = api;
    }

    @Override
    public HttpAnswer answer(FullHttpRequest request, QueryStringDecoder uri) {
        String contentType = request.headers().get("Content-Type", "").toLowerCase(Locale.ROOT);
        V1Api.Answer answer;
        if (contentType.startsWith("application/json")) {
            answer = api.answer(
                    ByteBufUtil.getBytes(request.content()), request.headers().get("X-API-Sign", ""));
        } else {
            answer = api.answer(
                    formValue(request, uri, contentType, "data").getBytes(UTF_8),
                    formValue(request, uri, contentType, "sign"));
        }
        return switch (answer.status()) {
            case OK -> HttpAnswer.json(HttpResponseStatus.OK, answer.body());
            case BAD_REQUEST -> HttpAnswer.text(HttpResponseStatus.BAD_REQUEST, "Bad Request\n");
            case UNAUTHORIZED -> HttpAnswer.text(HttpResponseStatus.UNAUTHORIZED, "Unauthorized\n");
        };
    }

    /** The first value of that name, in the body before the query; empty where there is none. */
    private static String formValue(FullHttpRequest request, QueryStringDecoder uri, String contentType, String name) {
        if (request.method().equals(HttpMethod.POST) && contentType.startsWith("application/x-www-form-urlencoded")) {
            String body = request.content().toString(UTF_8);
            List<String> values = parameter(new QueryStringDecoder(body, UTF_8, false, MAX_FORM_MEMBERS), name);
            if (!values.isEmpty()) {
                return values.get(0);
            }
        }
        List<String> values = parameter(uri, name);
        return values.isEmpty() ? "" : values.get(0);
    }

    private static List<String> parameter(QueryStringDecoder form, String name) {
        try {
            return form.parameters().getOrDefault(name, List.of());
        } catch (IllegalArgumentException e) {
            // a broken escape: there is no such value
            return List.of();
        }
    }
}
