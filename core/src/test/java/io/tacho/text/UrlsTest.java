// SPDX-License-Identifier: Apache-2.0
package io.tacho.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UrlsTest {

    @ParameterizedTest
    @CsvSource({
        "redis://h:1/0,redis://h:1/0",
        "redis://:pw@h,redis://:***@h",
        "redis://pw@h,redis://***@h",
        "redis://u:p@w@h,redis://u:***@h",
        "redis://u:p/w:x@h,redis://u:***@h",
        "redis://u:p?w#x@h,redis://u:***@h",
        "redis://h?password=pw&database=1,redis://h?password=***&database=1",
        "redis-sentinel://u:pw@a:1/0?sentinelMasterId=m,redis-sentinel://u:***@a:1/0?sentinelMasterId=m",
        "rediss-cluster://:pw@h,rediss-cluster://:***@h",
        "http://h:8000/metrics?token=pw&api_key=pw&format=prometheus,http://h:8000/metrics?token=***&api_key=***&format=prometheus",
        "https://u:pw@h/a?b=pw@c,https://u:***@c",
        "http://h/m?pw,http://h/m?***",
        "http://h/m#pw,http://h/m#***",
        "http://h/?a=pw#pw,http://h/?a=***#***",
        "u:pw@h:8000/metrics,u:***@h:8000/metrics",
        "h:8000/metrics?token=pw,h:8000/metrics?token=***",
        "http://[::1]:7022/x,http://[::1]:7022/x",
        "no uri @ all,no uri @ all",
        "chat_?,chat_?"
    })
    void masked_showsNoSecret(String url, String shown) {
        assertThat(Urls.masked(url)).isEqualTo(shown).doesNotContain("pw");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "url: 'http://u:pw@h/?t=pw' (expected: x)|url: 'http://u:***@h/?t=***' (expected: x)",
                "no response from http://u:p$pw'@h:1: failed, me@h|no response from http://u:***@h:1: failed, me@h",
                "http://h/?a=pw, redis://:pw@h (x)|http://h/?a=***, redis://:***@h (x)",
                "a ://|a ://",
                "nothing|nothing"
            })
    void maskedIn_masksEachUrlOfMessage(String message, String shown) {
        assertThat(Urls.maskedIn(message)).isEqualTo(shown).doesNotContain("pw");
    }
}
