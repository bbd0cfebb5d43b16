// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.message;

import java.net.InetAddress;
import java.util.Map;

/**
 * One request, whole.
 *
 * @param method as it was sent; methods are case-sensitive
 * @param path as it was sent: not decoded, without the query
 * @param variables the decoded parts of the path that the route names in braces
 * @param rawQuery what stands behind the question mark, not decoded; empty where there is none
 * @param body empty where there is none; not to be changed
 * @param http10 whether the client speaks HTTP/1.0
 * @param keepAlive whether the client wants the connection kept open
 * @param remote who asks
 */
public record Request(
        String method,
        String path,
        Map<String, String> variables,
        String rawQuery,
        Headers headers,
        byte[] body,
        boolean http10,
        boolean keepAlive,
        InetAddress remote) {

    static final byte[] NO_BODY = new byte[0];

    /** What stands in the place of a request that could not be read: its answer is HTTP/1.1's. */
    public static Request none() {
        return new Request("", "", Map.of(), "", Headers.NONE, NO_BODY, false, false, InetAddress.getLoopbackAddress());
    }

    /**
     * The parameters of the query, decoded.
     *
     * @throws RequestRejectedException if an escape is broken
     */
    public Query query() {
        return Query.parse(rawQuery);
    }

    /** A variable of the path. */
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

    /** Whether the answer's body is to be left out. */
    public boolean isHead() {
        return method.equals("HEAD");
    }
}
