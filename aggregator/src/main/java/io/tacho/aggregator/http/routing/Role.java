// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.routing;

/** What a key is good for; each role may do what those before it may. */
public enum Role {
    /** Needs no key. */
    OPEN,
    /** May read how the cluster is doing. */
    READ,
    /** May do everything. */
    ADMIN
}
