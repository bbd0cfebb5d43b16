// SPDX-License-Identifier: Apache-2.0
package io.tacho.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {

    @ParameterizedTest
    @CsvSource({
        "ttl,ttl,0",
        "tll,ttl,1",
        "ttll,ttl,1",
        "tl,ttl,1",
        "reids,redis,1",
        "redsi,redis,1",
        "name,names,1",
        "'',abc,3",
        "abc,'',3",
        "kitten,sitting,3",
        "abcdef,badcfe,3"
    })
    void distance_countsEdits(String a, String b, int expected) {
        assertThat(Nearest.distance(a, b)).isEqualTo(expected);
        assertThat(Nearest.distance(b, a)).isEqualTo(expected);
    }

    @Test
    void to_returnsWordWithFewestEdits() {
        List<String> words = List.of("redis", "redis-user", "redis-cert", "ttl");

        assertThat(Nearest.to("redis-usr", words, 3)).isEqualTo("redis-user");
        assertThat(Nearest.to("rdeis", words, 3)).isEqualTo("redis");
        assertThat(Nearest.to("something", words, 3)).isNull();
        assertThat(Nearest.to("redis", List.of(), 3)).isNull();
    }
}
