// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.ClientOptions;
import org.junit.jupiter.api.Test;

/** The options with the program's version of the client. The module of the class has an older one, which lacks some of them. */
class ConnectionOptionsTest {

    private final ClientOptions options = ConnectionOptions.of(RedisSettings.of("redis://127.0.0.1:6379"));

    @Test
    void maintenanceNotifications_areDisabled() {
        assertThat(options.getMaintNotificationsConfig().maintNotificationsEnabled())
                .isFalse();
        assertThat(ClientOptions.create().getMaintNotificationsConfig().maintNotificationsEnabled())
                .as("the default, which is changed")
                .isTrue();
    }

    @Test
    void commands_areNotRepeatedAfterAReconnect() {
        assertThat(options.getReplayFilter().test(null)).isTrue();
        assertThat(options.getDisconnectedBehavior()).isEqualTo(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS);
    }
}
