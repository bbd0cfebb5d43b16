// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.routing;

/** The role of a key. Each role includes those before it. */
public enum Role {
    /** Needs no key. */
    OPEN,
    /** May read the state of the cluster. */
    READ,
    /** May do everything. */
    ADMIN
}
