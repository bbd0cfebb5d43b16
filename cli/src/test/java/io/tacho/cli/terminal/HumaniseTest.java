// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HumaniseTest {

    @Test
    void count() {
        assertThat(Humanise.count(9_999)).isEqualTo("9999");
        assertThat(Humanise.count(12_345)).isEqualTo("12.3k");
        assertThat(Humanise.count(999_499)).isEqualTo("999k");
        assertThat(Humanise.count(999_500)).isEqualTo("1.00M");
    }

    @Test
    void bytes() {
        assertThat(Humanise.bytes(999)).isEqualTo("999B");
        assertThat(Humanise.bytes(1 << 20)).isEqualTo("1.00MiB");
    }

    @Test
    void nanos() {
        assertThat(Humanise.nanos(0)).isEqualTo("0");
        assertThat(Humanise.nanos(1_500_000)).isEqualTo("1.50ms");
        assertThat(Humanise.nanos(61_000_000_000L)).isEqualTo("1m01s");
    }

    @Test
    void seconds() {
        assertThat(Humanise.seconds(-3)).isEqualTo("0s");
        assertThat(Humanise.seconds(3_661)).isEqualTo("1h01m");
        assertThat(Humanise.seconds(90_000)).isEqualTo("1d01h");
    }
}
