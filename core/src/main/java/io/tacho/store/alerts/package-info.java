// SPDX-License-Identifier: Apache-2.0
/**
 * The port through which aggregators agree on alerts: one lease and one set of stored alerts for all of them.
 *
 * <p>Data flow: each aggregator calls {@code AlertStore} periodically. The holder of the lease (the leader) passes an {@code
 * AlertStoreUpdate}; the others receive the stored alerts in an {@code AlertStoreResponse}. The port is independent of the snapshot
 * store and of the format of an alert.
 */
@NullMarked
package io.tacho.store.alerts;

import org.jspecify.annotations.NullMarked;
