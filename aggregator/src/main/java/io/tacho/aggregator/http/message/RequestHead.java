// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.message;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The checks of a head that Netty has decoded. Everything that two parsers could interpret differently is rejected, because it
 * enables request smuggling.
 */
final class RequestHead {

    /** A name or address, and perhaps a port up to 65535. */
    private static final Pattern HOST = Pattern.compile("(\\[[0-9A-Za-z:.%]+]|[A-Za-z0-9._~!$&'()*+,;=%-]*)"
            + "(:(\\d{0,4}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d\\d|655[0-2]\\d|6553[0-5]))?");

    static final int MAX_LINE_BYTES = 8 * 1024;
    static final int MAX_HEADER_BYTES = 16 * 1024;

    private static final int MAX_HEADERS = 100;
    private static final int MAX_BODY_BYTES = 64 * 1024;

    private RequestHead() {}

    /**
     * Returns the request without its body.
     *
     * @throws RequestRejectedException if it is malformed, or too large
     */
    static Request parse(HttpRequest decoded, InetAddress remote) {
        HttpHeaders headers = decoded.headers();
        boolean http10 = decoded.protocolVersion().equals(HttpVersion.HTTP_1_0);
        if (headers.size() > MAX_HEADERS) {
            throw new RequestRejectedException(
                    HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
                    "too many headers (expected: at most " + MAX_HEADERS + ")");
        }
        requireHost(headers.getAll(HttpHeaderNames.HOST), http10);
        requireKnownFraming(headers, http10);
        requireRoom(HttpUtil.getContentLength(decoded, 0L));
        String expect = headers.get(HttpHeaderNames.EXPECT, "");
        if (!http10 && !expect.isEmpty() && !HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expect)) {
            throw new RequestRejectedException(
                    HttpResponseStatus.EXPECTATION_FAILED, "Expect (expected: 100-continue)");
        }
        String target = originForm(decoded.uri());
        int question = target.indexOf('?');
        return new Request(
                decoded.method().name(),
                question < 0 ? target : target.substring(0, question),
                Map.of(),
                question < 0 ? "" : target.substring(question + 1),
                headers,
                Request.NO_BODY,
                http10,
                HttpUtil.isKeepAlive(decoded),
                remote);
    }

    private static void requireHost(List<String> hosts, boolean http10) {
        if (hosts.size() > 1 || (hosts.isEmpty() && !http10)) {
            throw malformed(hosts.size() + " Host headers (expected: 1)");
        }
        if (!hosts.isEmpty() && !HOST.matcher(hosts.get(0)).matches()) {
            throw malformed("malformed Host header (expected: host or host:port)");
        }
    }

    private static void requireKnownFraming(HttpHeaders headers, boolean http10) {
        List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (!codings.isEmpty() && http10) {
            throw malformed("Transfer-Encoding with HTTP/1.0");
        }
        if (!codings.isEmpty() && (codings.size() > 1 || !codings.get(0).equalsIgnoreCase("chunked"))) {
            throw new RequestRejectedException(
                    HttpResponseStatus.NOT_IMPLEMENTED, "Transfer-Encoding (expected: chunked, and nothing else)");
        }
    }

    static void requireRoom(long bytes) {
        if (bytes > MAX_BODY_BYTES) {
            throw new RequestRejectedException(
                    HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
                    "body too large (expected: at most " + MAX_BODY_BYTES + " bytes)");
        }
    }

    private static String originForm(String target) {
        if (target.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw malformed("control character in the request line");
        }
        if (target.startsWith("/") || target.equals("*")) {
            return target;
        }
        // absolute form, as sent to a proxy: the host is ignored
        if (target.regionMatches(true, 0, "http://", 0, 7) || target.regionMatches(true, 0, "https://", 0, 8)) {
            String path = target.substring(target.indexOf("//") + 2).replaceFirst("^[^/?]*", "");
            return path.startsWith("/") ? path : "/" + path;
        }
        throw malformed("the target is not a path");
    }

    /** Returns the response to what Netty could not decode. */
    static RequestRejectedException rejection(HttpObject message, Throwable failure) {
        if (failure instanceof RequestRejectedException rejected) {
            return rejected;
        }
        if (message instanceof HttpRequest request) {
            if (failure instanceof TooLongHttpLineException) {
                return tooLongLine();
            }
            if (failure instanceof TooLongHttpHeaderException) {
                return new RequestRejectedException(
                        HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
                        "headers too large (expected: at most " + MAX_HEADER_BYTES + " bytes)");
            }
            requireKnownFraming(request.headers(), false);
        }
        return malformed(String.valueOf(failure.getMessage()));
    }

    static RequestRejectedException tooLongLine() {
        return new RequestRejectedException(
                HttpResponseStatus.REQUEST_URI_TOO_LONG,
                "request line too long (expected: at most " + MAX_LINE_BYTES + " bytes)");
    }

    static RequestRejectedException malformedLine() {
        return malformed("the request line is not METHOD TARGET HTTP/1.1");
    }

    static RequestRejectedException malformed(String what) {
        return new RequestRejectedException(HttpResponseStatus.BAD_REQUEST, "malformed request: " + what);
    }
}
