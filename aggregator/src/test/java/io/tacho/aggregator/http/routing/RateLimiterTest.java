// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.NetUtil;
import io.tacho.aggregator.http.message.RequestRejectedException;
import io.tacho.testing.ManualTicker;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RateLimiterTest {

    private final ManualTicker ticker = new ManualTicker();
    private final RateLimiter limiter = new RateLimiter(ticker);

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByAddress(NetUtil.createByteArrayFromIpAddressString(text));
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static InetAddress numbered(int number) {
        return address("10." + (number >> 16) + "." + (number >> 8 & 0xFF) + "." + (number & 0xFF));
    }

    private boolean isCounted(InetAddress address) {
        try {
            limiter.count(address);
            return true;
        } catch (RequestRejectedException e) {
            return false;
        }
    }

    private int countedOf(InetAddress address, int attempts) {
        int counted = 0;
        for (int i = 0; i < attempts; i++) {
            counted += isCounted(address) ? 1 : 0;
        }
        return counted;
    }

    @Test
    void burst_isCounted_thenTheStatusIs429() {
        InetAddress client = address("192.0.2.1");
        assertThat(countedOf(client, RateLimiter.BURST)).isEqualTo(RateLimiter.BURST);

        assertThatThrownBy(() -> limiter.count(client))
                .isInstanceOfSatisfying(
                        RequestRejectedException.class,
                        e -> assertThat(e.status()).isEqualTo(HttpResponseStatus.TOO_MANY_REQUESTS))
                .hasMessage("too many wrong keys (expected: at most 10 per second)");
        assertThat(isCounted(address("192.0.2.2"))).as("another address").isTrue();
    }

    @Test
    void rejectedAttempts_areNotCounted_tenPerSecondRemainAllowed() {
        InetAddress client = address("192.0.2.1");
        countedOf(client, 1_000);
        for (int second = 0; second < 20; second++) {
            ticker.advance(Duration.ofSeconds(1));
            assertThat(countedOf(client, 50)).isEqualTo(RateLimiter.PER_SECOND);
        }
        ticker.advance(Duration.ofDays(1));
        assertThat(countedOf(client, 500)).as("never more than a burst").isEqualTo(RateLimiter.BURST);
    }

    @Test
    void randomAttempts_matchATokenBucket() {
        Random random = new Random(11);
        InetAddress client = address("192.0.2.1");
        // tenths of a second, in each of which one token is added
        int tokens = RateLimiter.BURST;
        for (int i = 0; i < 5_000; i++) {
            int tenths = random.nextInt(4) == 0 ? random.nextInt(40) : 0;
            ticker.advance(Duration.ofMillis(100L * tenths));
            tokens = Math.min(RateLimiter.BURST, tokens + tenths);
            // a time of exact tenths may be a rounding error below a whole token, so the model is compared between them
            if (tenths == 0) {
                int attempts = random.nextInt(6);
                int counted = countedOf(client, attempts);
                assertThat(counted).isBetween(Math.min(attempts, tokens) - 1, Math.min(attempts, tokens));
                tokens -= counted;
            }
        }
    }

    @Test
    void ipv6_isCountedByNetwork_ipv4ByAddress() {
        assertThat(countedOf(address("2001:db8:0:1::1"), 60) + countedOf(address("2001:db8:0:1:ffff::2"), 60))
                .isEqualTo(RateLimiter.BURST);
        assertThat(isCounted(address("2001:db8:0:2::1"))).isTrue();
        assertThat(countedOf(address("192.0.2.1"), 60) + countedOf(address("192.0.2.9"), 60))
                .isEqualTo(120);
    }

    @Test
    void memory_isBounded_leastRecentlyCountedAddressIsEvicted() {
        InetAddress first = numbered(0);
        InetAddress second = numbered(1);
        countedOf(first, 1_000);
        countedOf(second, 1_000);
        ticker.advance(Duration.ofMillis(150));
        assertThat(isCounted(first))
                .as("becomes the most recently counted address")
                .isTrue();

        for (int i = 2; i < 10_001; i++) {
            isCounted(numbered(i));
        }

        assertThat(isCounted(first)).as("still rate limited").isFalse();
        assertThat(countedOf(second, 200)).as("evicted").isEqualTo(RateLimiter.BURST);
    }
}
