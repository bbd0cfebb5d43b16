// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

import io.tacho.aggregator.alert.evaluate.Alert;

/** An alert in one of its two states, which is what receivers are notified about. */
record AlertState(String id, boolean isResolved) {

    static AlertState of(Alert alert) {
        return new AlertState(alert.id(), alert.isResolved());
    }
}
