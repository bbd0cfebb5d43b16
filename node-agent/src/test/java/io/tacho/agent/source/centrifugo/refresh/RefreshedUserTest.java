// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo.refresh;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefreshedUserTest {

    private static @Nullable RefreshedUser of(@Nullable String response) {
        return RefreshedUser.of("u7", response == null ? null : response.getBytes(UTF_8), 1_000);
    }

    @Test
    void of_userIsConnectedUntilExpiry() {
        assertThat(of("{\"result\":{\"expire_at\":1300}}")).isEqualTo(new RefreshedUser("u7", 1_300));
    }

    @Test
    void of_withoutResponse_refreshIsRepeatedAfterOneMinute() {
        assertThat(of(null)).isEqualTo(new RefreshedUser("u7", 1_060));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"result\":{}}",
                "{\"result\":{\"expired\":true}}",
                "{\"result\":{\"expire_at\":0}}",
                "{\"result\":{\"expire_at\":1000}}",
                "{\"result\":{\"expire_at\":\"1300\"}}",
                "{\"result\":{\"expire_at\":1e300}}",
                "{\"result\":[]}",
                "[]",
                "null",
                "{\"result\":",
                ""
            })
    void of_withoutExpiry_isUnknown(String response) {
        assertThat(of(response)).isNull();
    }

    @Test
    void user_ofRefreshRequest() {
        assertThat(RefreshedUser.user(
                        "{\"client\":\"c1\",\"transport\":\"websocket\",\"user\":\"ü7\"}".getBytes(UTF_8)))
                .isEqualTo("ü7");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{\"client\":\"c1\",\"data\":{\"user\":\"u7\"}}",
                "{\"user\":\"\"}",
                "{\"user\":null}",
                "{\"user\":7}",
                "{\"user\":{}}",
                "{\"user\":"
            })
    void user_ofOtherRequest_isNull(String request) {
        assertThat(RefreshedUser.user(request.getBytes(UTF_8))).isNull();
    }

    @Test
    void user_tooLong_isNull() {
        assertThat(RefreshedUser.user(("{\"user\":\"" + "u".repeat(256) + "\"}").getBytes(UTF_8)))
                .isNull();
    }
}
