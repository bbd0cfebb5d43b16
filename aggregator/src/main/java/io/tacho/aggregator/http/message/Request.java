// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.message;

import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.tacho.aggregator.api.QueryParameters;
import java.net.InetAddress;
import java.util.Map;
import java.util.function.Function;

/**
 * One complete request.
 *
 * @param method as sent; methods are case-sensitive
 * @param path as sent: not decoded, without the query
 * @param variables the decoded parts of the path that the route names in braces
 * @param rawQuery the part after the question mark, not decoded; empty if there is none
 * @param body empty if there is none; must not be changed
 * @param http10 whether the client uses HTTP/1.0
 * @param keepAlive whether the client wants the connection kept open
 * @param remote address of the client
 */
public record Request(
        String method,
        String path,
        Map<String, String> variables,
        String rawQuery,
        HttpHeaders headers,
        byte[] body,
        boolean http10,
        boolean keepAlive,
        InetAddress remote) {

    static final byte[] NO_BODY = new byte[0];

    /** Returns the placeholder for a malformed request, whose response uses HTTP/1.1. */
    public static Request none() {
        return new Request(
                "",
                "",
                Map.of(),
                "",
                EmptyHttpHeaders.INSTANCE,
                NO_BODY,
                false,
                false,
                InetAddress.getLoopbackAddress());
    }

    /**
     * Returns what the reader makes of the parameters of the query.
     *
     * @throws RequestRejectedException if an escape is malformed, or the reader rejects a parameter
     */
    public <T> T query(Function<QueryParameters, T> reader) {
        try {
            return reader.apply(QueryParameters.parse(rawQuery));
        } catch (IllegalArgumentException e) {
            throw new RequestRejectedException(HttpResponseStatus.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
    }

    /** Returns a variable of the path. */
    public String variable(String name) {
        String value = variables.get(name);
        if (value == null) {
            throw new IllegalStateException("the route has no {" + name + "}");
        }
        return value;
    }

    public Request withVariables(Map<String, String> found) {
        return new Request(method, path, found, rawQuery, headers, body, http10, keepAlive, remote);
    }

    Request withBody(byte[] received) {
        return new Request(method, path, variables, rawQuery, headers, received, http10, keepAlive, remote);
    }

    /** Returns whether the response must not have a body. */
    public boolean isHead() {
        return method.equals("HEAD");
    }
}
