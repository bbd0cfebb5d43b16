// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FileRegion;
import io.netty.channel.socket.SocketChannel;
import io.tacho.aggregator.api.ApiKeys;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP server: bounded in the number of connections, in the size of lines, headers and bodies, and in how long a
 * connection may take for what.
 *
 * <p>Thread safety: safe.
 */
public final class HttpServer implements AutoCloseable {

    private final InetSocketAddress address;
    private final StatsBodies bodies;
    private final Keys keys;
    private final Router router;
    private final Cors cors;
    private final @Nullable TlsContexts tls;
    private final ConnectionLimit connections;
    private final Patience patience;
    private final AnswerWriter writer = new AnswerWriter(InstantSource.system());
    private final EventLoops loops = new EventLoops();
    private final Map<EventLoop, Deadlines> deadlines = new ConcurrentHashMap<>();
    private @Nullable Channel channel;

    /** A server that does not listen yet. */
    public HttpServer(HttpSettings settings, HttpApi api) {
        this(settings, api, Patience.DEFAULT);
    }

    HttpServer(HttpSettings settings, HttpApi api, Patience patience) {
        address = settings.address();
        connections = new ConnectionLimit(settings.maxConnections(), api.metrics());
        bodies = new StatsBodies(api.stats(), System::nanoTime);
        keys = new Keys(settings.keys(), System::nanoTime);
        router = Routes.of(api, bodies, keys);
        cors = Cors.of(settings.corsOrigins());
        tls = settings.tls() == null ? null : new TlsContexts(settings.tls(), System::nanoTime);
        this.patience = patience;
    }

    /**
     * Listens.
     *
     * @throws IOException if the address is taken or is not this machine's
     */
    public void start() throws IOException {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .option(ChannelOption.SO_BACKLOG, 1_024)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.MESSAGE_SIZE_ESTIMATOR, () -> HttpServer::bytesToSend)
                // a client that has sent its last request may still want the answer
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel child) {
                        child.pipeline().addLast(connections);
                        if (tls != null) {
                            child.pipeline().addLast(tls.current().newHandler(child.alloc()));
                        }
                        child.pipeline().addLast(connection(child));
                    }
                });
        loops.serve(bootstrap);
        var bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException("listen: " + address.getHostString() + ":" + address.getPort() + ": "
                    + bound.cause().getMessage() + " (expected: a free port of this machine, or port 0 for any)");
        }
        channel = bound.channel();
    }

    /** What waits to be sent makes a connection unwritable, be it bytes or a file. */
    private static int bytesToSend(Object message) {
        return message instanceof FileRegion file
                ? (int) Math.min(file.count(), Integer.MAX_VALUE)
                : ((ByteBuf) message).readableBytes();
    }

    private HttpConnection connection(SocketChannel child) {
        return new HttpConnection(
                child,
                router,
                cors,
                writer,
                patience,
                deadlines.computeIfAbsent(child.eventLoop(), loop -> new Deadlines(loop, bodies.lingering())));
    }

    /**
     * Puts other keys in force, for the next request on: connections stay, and so do answers that are under way.
     *
     * @return what is new, in words without the keys; empty for nothing
     * @throws IllegalArgumentException if everything would be open that was not
     */
    public String replaceKeys(ApiKeys others) {
        return keys.replace(others);
    }

    /**
     * Reads the certificate now, if it has changed, and not with the next connection.
     *
     * @return what is new, in words; empty for nothing
     * @throws IllegalArgumentException if it cannot be used; the last one stays in force
     */
    public String rereadCertificate() {
        return tls == null ? "" : tls.reread();
    }

    /** The paths that are served. */
    Set<String> paths() {
        return router.patterns();
    }

    /** The port in use. */
    public int port() {
        if (channel == null) {
            throw new IllegalStateException("not started");
        }
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    @Override
    public void close() {
        if (channel != null) {
            channel.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
        }
        loops.close();
        bodies.close();
    }
}
