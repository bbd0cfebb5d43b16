// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.tacho.testing.CapturedLog;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("reads the log")
class AcceptFailuresTest {

    @Test
    void failures_areLoggedOncePerMinute_andNotPropagated() {
        EmbeddedChannel listening = new EmbeddedChannel(new AcceptFailures());
        try (CapturedLog log = CapturedLog.of(AcceptFailures.class)) {
            for (int i = 0; i < 5; i++) {
                listening.pipeline().fireExceptionCaught(new IOException("Too many open files"));
            }

            assertThat(log.warnings()).containsExactly("connections are not accepted: Too many open files");
        }
        listening.checkException();
    }
}
