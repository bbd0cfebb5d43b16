// SPDX-License-Identifier: Apache-2.0
package io.tacho.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SettingErrorsTest {

    private final SettingErrors errors = new SettingErrors();

    @Test
    void validSettings_throwNothing() {
        assertThat(errors.require(true, () -> {
                    throw new AssertionError("no message is needed");
                }))
                .isTrue();
        assertThat(errors.valueOr(() -> 5, 1)).isEqualTo(5);

        assertThat(errors.isAny()).isFalse();
        assertThatCode(errors::throwIfAny).doesNotThrowAnyException();
    }

    @Test
    void allErrors_areReportedTogether_inOrder() {
        assertThat(errors.require(false, () -> "ttl: 0 (expected: > 0)")).isFalse();
        int port = errors.valueOr(
                () -> {
                    throw new IllegalArgumentException("port: x (expected: a number)");
                },
                80);
        errors.require(true, () -> "valid");

        assertThat(port).isEqualTo(80);
        assertThat(errors.isAny()).isTrue();
        assertThatThrownBy(errors::throwIfAny)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ttl: 0 (expected: > 0)\nport: x (expected: a number)");
    }

    @Test
    void otherExceptions_areRethrown() {
        assertThatThrownBy(() -> errors.valueOr(
                        () -> {
                            throw new IllegalStateException("a bug");
                        },
                        1))
                .isInstanceOf(IllegalStateException.class);
        assertThat(errors.isAny()).isFalse();
    }
}
