// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.routing;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tacho.aggregator.http.message.RequestRejectedException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A rate limiter for wrong keys: {@value #BURST} at once from one address, then {@value #PER_SECOND} per second. The network of
 * an IPv6 address counts. It forgets the addresses first whose last failure is the oldest.
 *
 * <p>Thread safety: safe.
 */
final class RateLimiter {

    static final int BURST = 100;
    static final int PER_SECOND = 10;

    private static final int REMEMBERED = 10_000;
    private static final int NETWORK_BYTES = 8;

    private record Left(double attempts, long atNanos) {}

    private final LongSupplier nanoTime;
    private final Map<ByteBuffer, Left> byAddress = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Left> eldest) {
            return size() > REMEMBERED;
        }
    };

    RateLimiter(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Counts a wrong key.
     *
     * @throws RequestRejectedException if the address has exceeded the rate; then it is not counted
     */
    synchronized void count(InetAddress address) {
        ByteBuffer key = key(address);
        double left = left(key);
        if (left < 1) {
            throw new RequestRejectedException(
                    HttpResponseStatus.TOO_MANY_REQUESTS,
                    "too many wrong keys (expected: at most " + PER_SECOND + " per second)");
        }
        // moves it to the end
        byAddress.remove(key);
        byAddress.put(key, new Left(left - 1, nanoTime.getAsLong()));
    }

    private double left(ByteBuffer key) {
        Left left = byAddress.get(key);
        if (left == null) {
            return BURST;
        }
        double seconds = (nanoTime.getAsLong() - left.atNanos()) / (double) TimeUnit.SECONDS.toNanos(1);
        return Math.min(BURST, left.attempts() + seconds * PER_SECOND);
    }

    private static ByteBuffer key(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address instanceof Inet6Address ? ByteBuffer.wrap(bytes, 0, NETWORK_BYTES) : ByteBuffer.wrap(bytes);
    }
}
