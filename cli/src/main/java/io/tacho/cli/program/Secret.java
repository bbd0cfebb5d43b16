// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

/**
 * A secret value of an option: neither logs nor {@code --print-config} show it.
 *
 * @param value what it is
 */
public record Secret(String value) {

    static final String MASK = "***";

    /** Shows nothing. */
    @Override
    public String toString() {
        return MASK;
    }
}
