// SPDX-License-Identifier: Apache-2.0
package io.tacho.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A TCP proxy to a local port that can delay, cut or hold connections. While held, no data is forwarded and neither side is
 * notified. It can also drop responses: then the server executes the request and the client receives no response.
 */
public final class TcpProxy implements AutoCloseable {

    private final ServerSocket server;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Object gate = new Object();
    private boolean held;
    private volatile double droppedShare;
    private long delayMillis;
    private final AtomicLong bytesToCut = new AtomicLong(Long.MAX_VALUE);

    private TcpProxy(ServerSocket server, int target) {
        this.server = server;
        this.target = target;
    }

    public static TcpProxy to(int target) throws IOException {
        TcpProxy proxy = new TcpProxy(new ServerSocket(0, 200, InetAddress.getLoopbackAddress()), target);
        proxy.run("accept", proxy::accept);
        return proxy;
    }

    public String redisUri() {
        return "redis://127.0.0.1:" + server.getLocalPort();
    }

    /** Closes all connections; new ones are accepted. */
    public void cut() {
        sockets.forEach(TcpProxy::end);
    }

    /** Closes all connections after this many further bytes, possibly within a message. */
    public void cutAfter(long bytes) {
        bytesToCut.set(bytes);
    }

    /** Delays all data by this duration from now on. */
    public void delay(Duration delay) {
        synchronized (gate) {
            delayMillis = delay.toMillis();
            gate.notifyAll();
        }
    }

    public void hold() {
        synchronized (gate) {
            held = true;
        }
    }

    public void letThrough() {
        synchronized (gate) {
            held = false;
            gate.notifyAll();
        }
    }

    /** Sets the share of responses that are dropped from now on; a dropped response closes its connection. */
    public void dropResponses(double share) {
        droppedShare = share;
    }

    private void accept() throws IOException {
        while (!server.isClosed()) {
            Socket client = server.accept();
            sockets.add(client);
            run("connect", () -> connect(client));
        }
    }

    private void connect(Socket client) {
        try {
            Socket upstream = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.add(upstream);
            run("up", () -> pump(client, upstream, false));
            pump(upstream, client, true);
        } catch (IOException e) {
            end(client);
            sockets.remove(client);
        }
    }

    private void pump(Socket from, Socket to, boolean responses) {
        byte[] buffer = new byte[8192];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                awaitOpen();
                if (responses && ThreadLocalRandom.current().nextDouble() < droppedShare) {
                    break;
                }
                long left = bytesToCut.addAndGet(-length);
                if (left < 0) {
                    out.write(buffer, 0, (int) Math.max(0, length + left));
                    bytesToCut.set(Long.MAX_VALUE);
                    cut();
                    return;
                }
                out.write(buffer, 0, length);
            }
        } catch (IOException e) {
            // cut, or closed by one side; both sides are closed below
        }
        end(from);
        end(to);
        sockets.remove(from);
        sockets.remove(to);
    }

    private void awaitOpen() throws IOException {
        synchronized (gate) {
            while (held) {
                try {
                    gate.wait();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
            awaitDelay();
        }
    }

    /** Waits for the delay, or until the delay is removed. */
    private void awaitDelay() throws IOException {
        long start = System.nanoTime();
        try {
            for (long left = delayMillis;
                    left > 0;
                    left = delayMillis - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)) {
                gate.wait(left);
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // already closed
        }
    }

    private interface Task {
        void run() throws IOException;
    }

    private void run(String name, Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException e) {
                        // closed
                    }
                },
                "proxy-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        letThrough();
        cut();
    }
}
