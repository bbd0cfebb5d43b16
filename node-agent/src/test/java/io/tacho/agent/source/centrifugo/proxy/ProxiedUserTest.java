// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxiedUserTest {

    private static final String REFRESH = "{\"client\":\"c1\",\"transport\":\"websocket\",\"user\":\"u7\"}";

    private static @Nullable ProxiedUser of(String request, @Nullable String response) {
        return ProxiedUser.of(request.getBytes(UTF_8), response == null ? null : response.getBytes(UTF_8), 1_000);
    }

    @Test
    void connect_userIsInTheResponse() {
        assertThat(of("{\"client\":\"c1\",\"data\":{}}", "{\"result\":{\"user\":\"u7\",\"expire_at\":1300}}"))
                .isEqualTo(new ProxiedUser("u7", 1_300));
    }

    @Test
    void refresh_userIsInTheRequest() {
        assertThat(of(REFRESH, "{\"result\":{\"expire_at\":1300}}")).isEqualTo(new ProxiedUser("u7", 1_300));
    }

    @Test
    void refresh_thatFails_isRepeatedAfterAMinute() {
        assertThat(of(REFRESH, null)).isEqualTo(new ProxiedUser("u7", 1_060));
    }

    @Test
    void connect_thatFails_hasNoUser() {
        assertThat(of("{\"client\":\"c1\"}", null)).isNull();
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
                "{\"disconnect\":{\"code\":4500,\"reason\":\"no\"}}",
                "{\"result\":[]}",
                "[]",
                "null",
                "{\"result\":",
                ""
            })
    void response_withoutAnExpiry_hasNoUser(String response) {
        assertThat(of(REFRESH, response)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{\"user\":\"\"}", "{\"user\":null}", "{\"user\":{}}", "{\"user\":"})
    void request_withoutAUser_hasNone(String request) {
        assertThat(of(request, "{\"result\":{\"expire_at\":1300}}")).isNull();
    }

    @Test
    void user_thatIsTooLong_isIgnored() {
        assertThat(of("{\"user\":\"" + "u".repeat(256) + "\"}", "{\"result\":{\"expire_at\":1300}}"))
                .isNull();
    }
}
