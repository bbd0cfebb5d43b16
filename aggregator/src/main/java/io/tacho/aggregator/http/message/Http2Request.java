// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.message;

import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.HttpConversionUtil;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;

/**
 * A request of HTTP/2 whose body is being received. The head passes the same checks as one of HTTP/1.1.
 *
 * <p>Thread safety: confined to the connection's event loop.
 */
public final class Http2Request {

    private final Request head;
    private final boolean isContinueExpected;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);

    private Http2Request(Request head, boolean isContinueExpected) {
        this.head = head;
        this.isContinueExpected = isContinueExpected;
    }

    /**
     * Creates a request without body.
     *
     * @throws RequestRejectedException if the head is malformed or too large
     */
    public static Http2Request parse(Http2Headers headers, InetAddress remote) {
        try {
            CharSequence path = headers.path();
            if (path != null && path.length() > RequestHead.MAX_LINE_BYTES) {
                throw RequestHead.tooLongLine();
            }
            HttpRequest request = HttpConversionUtil.toHttpRequest(0, headers, true);
            request.headers()
                    .remove(HttpConversionUtil.ExtensionHeaderNames.SCHEME.text())
                    .remove(HttpConversionUtil.ExtensionHeaderNames.STREAM_ID.text());
            return new Http2Request(RequestHead.parse(request, remote), HttpUtil.is100ContinueExpected(request));
        } catch (Http2Exception e) {
            throw RequestHead.malformed(String.valueOf(e.getMessage()));
        }
    }

    /** {@return whether the client waits for the status 100 before it sends the body} */
    public boolean takeContinue() {
        return isContinueExpected;
    }

    /**
     * Adds bytes to the body.
     *
     * @throws RequestRejectedException if it is too large
     */
    public void add(byte[] bytes) {
        RequestHead.requireRoom(body.size() + (long) bytes.length);
        body.writeBytes(bytes);
    }

    /** {@return the complete request} */
    public Request complete() {
        return body.size() == 0 ? head : head.withBody(body.toByteArray());
    }
}
