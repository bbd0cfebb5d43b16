// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import io.tacho.text.Urls;

/**
 * A secret value of an option: neither logs nor {@code --print-config} show it.
 *
 * @param value what it is
 */
public record Secret(String value) {

    /** Shows nothing. */
    @Override
    public String toString() {
        return Urls.MASK;
    }
}
