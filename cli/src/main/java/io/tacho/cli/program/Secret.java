// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

/**
 * The value of an option that nobody may see: neither logs nor {@code --print-config} show it.
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
