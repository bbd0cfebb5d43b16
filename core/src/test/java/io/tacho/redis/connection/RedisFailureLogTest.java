// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import io.tacho.testing.CapturedLog;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Isolated("reads the log")
class RedisFailureLogTest {

    private long nanos;
    private final RedisFailureLog failures = new RedisFailureLog("a:1,b:2(mm)", "agent", "watcher", () -> nanos);
    private final CapturedLog log = CapturedLog.of(RedisFailureLog.class);

    @AfterEach
    void end() {
        log.close();
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    private static Throwable error(String message) {
        return new RedisCommandExecutionException(message);
    }

    @Test
    void flappingError_isLoggedOncePerMinute() {
        for (int i = 0; i < 30; i++) {
            failures.failed("history of partition 0", error("TRYAGAIN Multiple keys request during rehashing of slot"));
            failures.succeeded("history of partition 0");
            pass(Duration.ofSeconds(1));
        }

        assertThat(log.lines())
                .containsExactly(
                        "WARN failed at Redis at a:1,b:2(mm), history of partition 0; trying again: TRYAGAIN Multiple keys"
                                + " request during rehashing of slot",
                        "INFO Redis at a:1,b:2(mm): history of partition 0 works again");
    }

    @Test
    void repeatedlyKilledConnection_isLoggedOncePerMinute() {
        for (int i = 0; i < 1_000; i++) {
            failures.failed("connect", new CompletionException(new ConnectException("no server")));
            failures.failed("SUBSCRIBE c", new CompletionException(new ConnectException("no server")));
            pass(Duration.ofMillis(25));
            failures.succeeded("SUBSCRIBE c");
            failures.succeeded("connect");
            pass(Duration.ofMillis(25));
        }

        assertThat(log.lines())
                .containsExactly(
                        "WARN connection refused by Redis at a:1,b:2(mm); trying again until it accepts: no server",
                        "INFO Redis at a:1,b:2(mm): connect works again");
    }

    @Test
    void secondOutage_isLoggedIfItPersists() {
        failures.failed("connect", new ConnectException("no server"));
        failures.succeeded("connect");
        for (int i = 0; i < 10; i++) {
            pass(Duration.ofSeconds(1));
            failures.failed("connect", new ConnectException("no server"));
        }

        assertThat(log.warnings()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Cannot connect Redis Sentinel at redis://b:2 | WRONGPASS invalid | user or password rejected by Redis at"
                        + " a:1,b:2(mm), sentinel b:2, user watcher; reading the password again and trying again: WRONGPASS invalid",
                "Cannot connect Redis Sentinel at rediss://b:2 | NOAUTH HELLO must, otherwise more | password required by"
                        + " Redis at a:1,b:2(mm), sentinel b:2, and none is set; set TACHO_REDIS_SENTINEL_PASSWORD or"
                        + " redis-sentinel-password-file: NOAUTH HELLO must",
                "Unable to connect to c/<unresolved>:6379 | WRONGPASS invalid | user or password rejected by Redis at"
                        + " a:1,b:2(mm), server c:6379, user agent; reading the password again and trying again: WRONGPASS invalid",
                "Unable to connect to [10.0.0.7/<unresolved>:6379]: text | NOAUTH Authentication required. | password"
                        + " required by Redis at a:1,b:2(mm), server 10.0.0.7:6379, and none is set; set"
                        + " TACHO_REDIS_PASSWORD or redis-password-file, for an ACL user redis-user too: NOAUTH"
                        + " Authentication required."
            })
    void serverRejectsCredentials_serverIsNamed(String connection, String error, String line) {
        Exception other = new RedisConnectionException("Unable to connect to d:9", new ConnectException("no server"));
        Exception failure = new RedisConnectionException("Cannot retrieve cluster partitions from …");
        failure.addSuppressed(new RedisConnectionException(connection, error(error)));
        failure.addSuppressed(other);

        failures.failed("connect", new CompletionException(failure));

        assertThat(log.warnings()).containsExactly(line);
    }

    @Test
    void onlyServer_isNotNamedTwice() {
        RedisFailureLog single = new RedisFailureLog("a:1", "agent", "default", () -> nanos);

        single.failed(
                "connect", new RedisConnectionException("Unable to connect to a/<unresolved>:1", error("WRONGPASS")));

        assertThat(log.warnings())
                .containsExactly("user or password rejected by Redis at a:1, user agent; reading the password again and"
                        + " trying again: WRONGPASS");
    }
}
