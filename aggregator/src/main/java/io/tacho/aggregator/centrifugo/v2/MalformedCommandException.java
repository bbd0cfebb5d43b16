// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.centrifugo.v2;

/** A malformed request: the response is 400 without a reason. */
final class MalformedCommandException extends Exception {
    private static final long serialVersionUID = 1;

    MalformedCommandException() {
        super("malformed command", null, false, false);
    }
}
