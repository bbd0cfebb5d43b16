// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.placement;

/** No node can be picked for a new client; the message states why. */
public final class NoEligibleNodeException extends Exception {

    private static final long serialVersionUID = 1;

    NoEligibleNodeException(String message) {
        super(message);
    }
}
