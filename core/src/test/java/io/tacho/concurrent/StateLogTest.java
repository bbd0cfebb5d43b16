// SPDX-License-Identifier: Apache-2.0
package io.tacho.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StateLogTest {

    private long nanos;
    private final StateLog log = new StateLog(() -> nanos);

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    @Test
    void problem_startAndEndAreLoggedOnce() {
        assertThat(log.isNews("rejected")).isTrue();
        assertThat(log.isNews("rejected")).isFalse();
        pass(Duration.ofHours(1));
        assertThat(log.isNews("rejected")).isFalse();

        assertThat(log.isEndNews()).isTrue();
        assertThat(log.isEndNews()).isFalse();
    }

    @Test
    void noProblem_endIsNotLogged() {
        assertThat(log.isEndNews()).isFalse();
    }

    @Test
    void differentProblem_isLoggedImmediately() {
        assertThat(log.isNews("rejected")).isTrue();
        assertThat(log.isNews("no response")).isTrue();
        assertThat(log.isEndNews()).isTrue();
    }

    @Test
    void flappingProblem_isLoggedOncePerMinute() {
        int begins = 0;
        int ends = 0;
        for (int i = 0; i < 1_200; i++) {
            begins += log.isNews("killed") ? 1 : 0;
            pass(Duration.ofMillis(50));
            ends += log.isEndNews() ? 1 : 0;
            pass(Duration.ofMillis(50));
        }

        assertThat(begins).isEqualTo(2);
        assertThat(ends).isEqualTo(2);
    }

    @Test
    void recurringProblem_thatPersists_isLogged() {
        assertThat(log.isNews("rejected")).isTrue();
        assertThat(log.isEndNews()).isTrue();

        pass(Duration.ofSeconds(1));
        assertThat(log.isNews("rejected")).isFalse();
        pass(Duration.ofMillis(4_999));
        assertThat(log.isNews("rejected")).isFalse();
        pass(Duration.ofMillis(1));
        assertThat(log.isNews("rejected")).isTrue();
        assertThat(log.isEndNews()).isTrue();
    }

    @Test
    void recurringProblem_thatIsBrief_endIsNotLogged() {
        assertThat(log.isNews("rejected")).isTrue();
        assertThat(log.isEndNews()).isTrue();

        assertThat(log.isNews("rejected")).isFalse();
        assertThat(log.isEndNews()).isFalse();
    }
}
