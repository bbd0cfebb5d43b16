// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GzipTest {

    @Test
    void noHeader_isNotAccepted() {
        assertThat(Gzip.isAcceptedBy(EmptyHttpHeaders.INSTANCE)).isFalse();
        assertThat(Gzip.isAcceptedBy(new DefaultHttpHeaders().add("Host", "localhost")))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "gzip, true",
        "'deflate, GZIP', true",
        "x-gzip, true",
        "*, true",
        "'gzip;q=0.5', true",
        "'gzip; q=0', false",
        "'gzip;q=0.000', false",
        "'*;q=0', false",
        "'gzip;q=0, *', false",
        "'identity, br', false",
        "'', false"
    })
    void header_gzipOrStarWithPositiveWeight_isAccepted(String value, boolean expected) {
        assertThat(Gzip.isAcceptedBy(new DefaultHttpHeaders().add("accept-encoding", value)))
                .isEqualTo(expected);
    }

    @Test
    void severalHeaders_areCombined() {
        HttpHeaders headers =
                new DefaultHttpHeaders().add("Accept-Encoding", "br").add("Accept-Encoding", "gzip");

        assertThat(Gzip.isAcceptedBy(headers)).isTrue();
    }
}
