// SPDX-License-Identifier: Apache-2.0
package io.tacho.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class FailuresTest {

    @Test
    void message_isThatOfUnwrappedFailure() {
        assertThat(Failures.message(new CompletionException(new IOException("reset", new IOException("why")))))
                .isEqualTo("reset");
    }

    @Test
    void message_missing_isDescriptionOrClassName() {
        assertThat(Failures.message(new ClosedChannelException())).isEqualTo("connection closed");
        assertThat(Failures.message(new IllegalStateException())).isEqualTo("IllegalStateException");
    }

    @Test
    void find_isTheFirstOfItsClassAmongTheCauses() {
        IOException inner = new IOException("inner");
        Throwable failure = new CompletionException(new IllegalStateException(inner));

        assertThat(Failures.find(IOException.class, failure)).isSameAs(inner);
        assertThat(Failures.find(RuntimeException.class, failure)).isSameAs(failure);
        assertThat(Failures.find(ClosedChannelException.class, failure)).isNull();
    }
}
