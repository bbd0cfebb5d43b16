// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import java.io.IOException;

/** The aggregator answers, but not what was asked for: asking again would not help. */
final class ApiException extends IOException {
    private static final long serialVersionUID = 1;

    ApiException(String message) {
        super(message);
    }
}
