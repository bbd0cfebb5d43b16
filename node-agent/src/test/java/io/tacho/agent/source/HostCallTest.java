// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class HostCallTest {

    @Test
    void executorError_failsCall_nextCallSucceeds() throws Exception {
        AtomicBoolean exhausted = new AtomicBoolean(true);
        HostCall<Integer> call = new HostCall<>(() -> 7, task -> {
            if (exhausted.get()) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            task.run();
        });

        call.begin();
        assertThatThrownBy(() -> call.await(System.nanoTime()))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(OutOfMemoryError.class);

        exhausted.set(false);
        call.begin();
        assertThat(call.await(System.nanoTime())).isEqualTo(7);
    }
}
