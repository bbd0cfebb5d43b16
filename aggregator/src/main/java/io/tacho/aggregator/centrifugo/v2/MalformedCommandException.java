// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.centrifugo.v2;

/** The request is answered by 400; why is not told. */
final class MalformedCommandException extends Exception {
    private static final long serialVersionUID = 1;

    MalformedCommandException() {
        super("malformed command", null, false, false);
    }
}
