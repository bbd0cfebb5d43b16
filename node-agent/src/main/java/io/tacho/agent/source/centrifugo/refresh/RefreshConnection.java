// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo.refresh;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.tacho.concurrent.Failures;
import io.tacho.concurrent.RateLimitedLog;
import io.tacho.text.AllowedHosts;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection of a Centrifugo: passes one refresh after the other on, and notes its user once the response is written. Connects
 * are not passed on, because they would take longer and depend on this program.
 *
 * <p>Thread safety: confined to the connection's event loop.
 */
final class RefreshConnection extends SimpleChannelInboundHandler<FullHttpRequest> {

    private static final Logger logger = LoggerFactory.getLogger(RefreshConnection.class);
    private static final RateLimitedLog LOG = new RateLimitedLog(System::nanoTime);

    private final AllowedHosts hosts;
    private final Application application;
    private final ConnectedUsers users;
    private final InstantSource clock;
    private @Nullable CompletableFuture<HttpResponse<byte[]>> inFlight;

    RefreshConnection(AllowedHosts hosts, Application application, ConnectedUsers users, InstantSource clock) {
        this.hosts = hosts;
        this.application = application;
        this.users = users;
        this.clock = clock;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        if (inFlight != null) {
            // Centrifugo does not pipeline
            context.close();
            return;
        }
        FullHttpResponse rejection = rejection(request);
        if (rejection != null) {
            write(context, rejection, false);
            return;
        }
        byte[] body = ByteBufUtil.getBytes(request.content());
        String user = RefreshedUser.user(body);
        if (user == null) {
            write(context, error(HttpResponseStatus.NOT_FOUND, "user: missing (expected: a refresh request)"), false);
            return;
        }
        boolean keepAlive = HttpUtil.isKeepAlive(request);
        CompletableFuture<HttpResponse<byte[]>> response = application.post(request.headers(), body);
        inFlight = response;
        response.whenCompleteAsync(
                (received, failure) -> {
                    inFlight = null;
                    if (context.channel().isActive()) {
                        write(context, received == null ? failed(failure) : passed(received), keepAlive);
                    }
                    note(user, received);
                },
                context.executor());
    }

    private @Nullable FullHttpResponse rejection(FullHttpRequest request) {
        String host = request.headers().get(HttpHeaderNames.HOST);
        if (!request.decoderResult().isSuccess()) {
            return error(HttpResponseStatus.BAD_REQUEST, "request: malformed (expected: HTTP/1.1)");
        }
        if (!hosts.allows(host)) {
            return error(HttpResponseStatus.MISDIRECTED_REQUEST, AllowedHosts.rejection(host));
        }
        return request.method().equals(HttpMethod.POST)
                ? null
                : error(HttpResponseStatus.METHOD_NOT_ALLOWED, "method: " + request.method() + " (expected: POST)");
    }

    private static FullHttpResponse passed(HttpResponse<byte[]> received) {
        FullHttpResponse response = response(HttpResponseStatus.valueOf(received.statusCode()), received.body());
        received.headers()
                .firstValue("Content-Type")
                .ifPresent(type -> response.headers().set(HttpHeaderNames.CONTENT_TYPE, type));
        return response;
    }

    private static FullHttpResponse failed(Throwable failure) {
        String cause = Failures.message(Failures.unwrap(failure));
        if (LOG.isDue("application")) {
            logger.warn("no response of the application to a refresh request: {}", cause);
        }
        return error(HttpResponseStatus.BAD_GATEWAY, "no response of the application");
    }

    private void note(String user, @Nullable HttpResponse<byte[]> received) {
        long now = clock.millis() / 1_000;
        byte[] body =
                received == null || received.statusCode() != HttpResponseStatus.OK.code() ? null : received.body();
        RefreshedUser refreshed = RefreshedUser.of(user, body, now);
        if (refreshed != null) {
            users.add(refreshed, now);
        }
    }

    private static FullHttpResponse error(HttpResponseStatus status, String message) {
        FullHttpResponse response = response(status, (message + "\n").getBytes(UTF_8));
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
        return response;
    }

    private static FullHttpResponse response(HttpResponseStatus status, byte[] body) {
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body));
        HttpUtil.setContentLength(response, body.length);
        return response;
    }

    private static void write(ChannelHandlerContext context, FullHttpResponse response, boolean keepAlive) {
        HttpUtil.setKeepAlive(response, keepAlive);
        ChannelFuture written = context.writeAndFlush(response);
        if (!keepAlive) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (inFlight != null) {
            // Centrifugo no longer waits for it
            inFlight.cancel(true);
        }
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        logger.debug("connection closed", cause);
        context.close();
    }
}
