// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("the signal is for the whole JVM")
class SighupHandlerTest {

    /** Without the handler the signal would end this JVM. */
    @Test
    void signalsDuringStartup_reloadOnceAfterwards() throws Exception {
        SighupHandler.defer();
        signal();
        AtomicInteger reloads = new AtomicInteger();

        SighupHandler.on(reloads::incrementAndGet);

        await().until(() -> reloads.get() == 1);
        signal();
        await().until(() -> reloads.get() == 2);
    }

    private static void signal() throws Exception {
        String pid = Long.toString(ProcessHandle.current().pid());
        assertThat(new ProcessBuilder("kill", "-HUP", pid).start().waitFor()).isZero();
    }
}
