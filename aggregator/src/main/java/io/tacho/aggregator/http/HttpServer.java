// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.tacho.aggregator.http.message.ResponseWriter;
import io.tacho.aggregator.http.routing.Cors;
import io.tacho.aggregator.http.routing.Router;
import io.tacho.aggregator.metrics.HttpMetrics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP server: HTTP/1.1, and with TLS also HTTP/2. It bounds the number of connections, the size of request lines, headers and bodies, and the time that a
 * client may take for each step.
 *
 * <p>Thread safety: safe.
 */
public final class HttpServer implements AutoCloseable {

    private final InetSocketAddress address;
    private final Router router;
    private final Cors cors;
    private final @Nullable TlsContexts tls;
    private final ConnectionLimit connections;
    private final Timeouts timeouts;
    private final ResponseWriter writer = new ResponseWriter(InstantSource.system());
    private final EventLoops loops = new EventLoops();
    private final Map<EventLoop, TimeoutSweep> sweeps = new ConcurrentHashMap<>();
    private final BooleanSupplier memoryPressure;
    private @Nullable Channel channel;

    /**
     * Creates a server that does not listen yet.
     *
     * @param memoryPressure whether slow clients retain so much memory that they get less time
     */
    public HttpServer(
            HttpSettings settings,
            Router router,
            HttpMetrics metrics,
            Timeouts timeouts,
            BooleanSupplier memoryPressure) {
        address = settings.address();
        connections = new ConnectionLimit(settings.maxConnections(), metrics);
        this.router = router;
        cors = Cors.of(settings.corsOrigins());
        tls = settings.tls() == null ? null : new TlsContexts(settings.tls(), System::nanoTime);
        this.timeouts = timeouts;
        this.memoryPressure = memoryPressure;
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
                // a client that has closed its side may still read the response
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel child) {
                        child.pipeline().addLast(connections);
                        if (tls == null) {
                            child.pipeline().addLast(connection(child));
                        } else {
                            child.pipeline()
                                    .addLast(
                                            tls.current().newHandler(child.alloc()),
                                            new ProtocolSelection(() -> startHttp1(child), () -> startHttp2(child)));
                        }
                    }
                });
        loops.serve(bootstrap);
        var bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException("listen: " + address.getHostString() + ":" + address.getPort() + ": "
                    + bound.cause().getMessage() + " (expected: a free port of this machine, or port 0 for any)");
        }
        // after the handler that accepts connections
        bound.channel().pipeline().addLast(new AcceptFailures());
        channel = bound.channel();
    }

    private void startHttp1(SocketChannel child) {
        HttpConnection connection = connection(child);
        child.pipeline().addLast(connection);
        // the channel has been active since before the handshake
        connection.channelActive(child.pipeline().lastContext());
    }

    private void startHttp2(SocketChannel child) {
        Dispatcher dispatcher = new Dispatcher(router, cors);
        TimeoutSweep sweep = sweep(child);
        new Http2Connection(
                        child,
                        stream -> new Http2Exchange(
                                stream,
                                child.remoteAddress().getAddress(),
                                dispatcher,
                                writer,
                                new ConnectionTimer(timeouts),
                                sweep),
                        timeouts,
                        sweep)
                .start();
    }

    private HttpConnection connection(SocketChannel child) {
        return new HttpConnection(child, new Dispatcher(router, cors), writer, timeouts, sweep(child));
    }

    private TimeoutSweep sweep(SocketChannel child) {
        return sweeps.computeIfAbsent(child.eventLoop(), loop -> new TimeoutSweep(loop, memoryPressure));
    }

    /**
     * Reads the certificate now if it has changed, instead of with the next connection.
     *
     * @return a description of the change; empty if there is none
     * @throws IllegalArgumentException if it is invalid; the last one stays in use
     */
    public String rereadCertificate() {
        return tls == null ? "" : tls.reread();
    }

    /** {@return the base URI, e.g. {@code http://127.0.0.1:7022}} */
    public String url() {
        String host = address.getHostString();
        return (tls == null ? "http://" : "https://") + (host.contains(":") ? "[" + host + "]" : host) + ":" + port();
    }

    /** {@return the port that the server listens on} */
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
    }
}
