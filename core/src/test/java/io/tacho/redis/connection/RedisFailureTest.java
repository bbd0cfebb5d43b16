// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import java.net.UnknownHostException;
import java.nio.file.NoSuchFileException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisFailureTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "WRONGPASS invalid username-password pair or user is disabled. | CREDENTIALS",
                "NOAUTH Authentication required. | CREDENTIALS",
                "NOPERM this user has no permissions to run the 'subscribe' command | PERMISSION",
                "ERR The user executing the script can't run this command or subcommand script: 1, on @user_script:27. | PERMISSION",
                "READONLY You can't write against a read only replica. | REPLICA",
                "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'. | REPLICA",
                "MOVED 866 10.0.0.7:6379 | CLUSTER_NODE",
                "ERR This instance has cluster support disabled | NO_CLUSTER",
                "LOADING Redis is loading the dataset in memory | OTHER"
            })
    void redisError_isClassified(String message, RedisFailure kind) {
        assertThat(RedisFailure.of(new RedisCommandExecutionException(message))).isEqualTo(kind);
    }

    @Test
    void causeAndSuppressedFailure_areClassified() {
        RedisConnectionException failure = new RedisConnectionException("Unable to connect");
        assertThat(RedisFailure.of(failure)).isEqualTo(RedisFailure.OTHER);

        failure.addSuppressed(new RedisConnectionException("b", new UnknownHostException("h")));

        assertThat(RedisFailure.of(failure)).isEqualTo(RedisFailure.UNKNOWN_HOST);
        assertThat(RedisFailure.of(new RedisConnectionException("a", new SSLHandshakeException("PKIX"))))
                .isEqualTo(RedisFailure.TLS);
    }

    @Test
    void deniedCommand_isParsedFromMessage() {
        assertThat(RedisFailure.deniedCommand("NOPERM this user has no permissions to run the 'subscribe' command"))
                .isEqualTo("subscribe");
        assertThat(RedisFailure.deniedCommand("ERR The user … on @user_script:27. (hset)"))
                .isEqualTo("hset");
        assertThat(RedisFailure.deniedCommand("NOPERM No permissions to access a channel"))
                .isNull();
    }

    @Test
    void message_missingFile_namesItsSetting() {
        IllegalArgumentException failure = new IllegalArgumentException(
                "redis-password-file: cannot read /run/p, no such file", new NoSuchFileException("/run/p"));

        assertThat(RedisFailure.message(new RedisConnectionException("connect", failure)))
                .isEqualTo("redis-password-file: cannot read /run/p, no such file");
    }
}
