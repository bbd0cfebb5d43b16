// SPDX-License-Identifier: Apache-2.0
/**
 * The port through which aggregators agree on alerts: one lease and one set of stored alerts for all of them.
 *
 * <p>Each aggregator calls {@link io.tacho.store.alerts.AlertStore#renewLease} periodically. The lease holder (the leader) writes an
 * {@link io.tacho.store.alerts.AlertStoreUpdate}; the others receive the stored alerts in an
 * {@link io.tacho.store.alerts.AlertStoreResponse}. The port is independent of the snapshot store and of the format of an alert.
 */
@NullMarked
package io.tacho.store.alerts;

import org.jspecify.annotations.NullMarked;
