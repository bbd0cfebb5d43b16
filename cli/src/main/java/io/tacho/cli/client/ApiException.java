// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.client;

import java.io.IOException;

/** The aggregator responds with an error that another attempt would not resolve. */
public final class ApiException extends IOException {
    private static final long serialVersionUID = 1;

    ApiException(String message) {
        super(message);
    }
}
