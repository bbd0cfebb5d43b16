// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoadSettingsTest {

    private static final String URL = "ws://127.0.0.1:8000/connection/websocket";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://127.0.0.1:8000 | 1     | 1      | url: http://127.0.0.1:8000 (expected: ws://host:port/connection/websocket)",
                "ws://127.0.0.1/x      | 1     | 1      | url: ws://127.0.0.1/x (expected: ws://host:port/connection/websocket)",
                URL + "                | 0     | 1      | clients: 0 (expected: 1 to 10000)",
                URL + "                | 10001 | 1      | clients: 10001 (expected: 1 to 10000)",
                URL + "                | 1     | -1     | rate: -1 (expected: 0 to 100000)",
                URL + "                | 1     | 100001 | rate: 100001 (expected: 0 to 100000)",
            })
    void settings_invalid_areRejected(URI url, int clients, int rate, String message) {
        assertThatThrownBy(() -> new LoadSettings(List.of(url), clients, rate))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void urls_empty_areRejected() {
        assertThatThrownBy(() -> new LoadSettings(List.of(), 1, 1)).hasMessage("url: none (expected: at least one)");
    }

    @ParameterizedTest
    @CsvSource({"1,1", "2,1", "3,2", "30,20"})
    void users_areFewerThanClients(int clients, long users) {
        LoadSettings settings = new LoadSettings(List.of(URI.create(URL)), clients, 1);

        assertThat(IntStream.range(0, clients)
                        .mapToObj(settings::user)
                        .distinct()
                        .count())
                .isEqualTo(users);
    }
}
