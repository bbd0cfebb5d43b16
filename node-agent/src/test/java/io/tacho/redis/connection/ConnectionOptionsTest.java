// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.ClientOptions;
import org.junit.jupiter.api.Test;

/** Tests the options with the Lettuce version of the program; core compiles against an older one without some options. */
class ConnectionOptionsTest {

    private final ClientOptions options = ConnectionOptions.of(RedisSettings.of("redis://127.0.0.1:6379"));

    @Test
    void maintenanceNotifications_areDisabled() {
        assertThat(options.getMaintNotificationsConfig().maintNotificationsEnabled())
                .isFalse();
        assertThat(ClientOptions.create().getMaintNotificationsConfig().maintNotificationsEnabled())
                .as("default of Lettuce")
                .isTrue();
    }

    @Test
    void commands_areNotRepeatedAfterAReconnect() {
        assertThat(options.getReplayFilter().test(null)).isTrue();
        assertThat(options.getDisconnectedBehavior()).isEqualTo(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS);
    }
}
