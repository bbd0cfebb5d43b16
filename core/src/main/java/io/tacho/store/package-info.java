// SPDX-License-Identifier: Apache-2.0
/** The ports between nodes and aggregators: publishers and collectors of snapshots depend on these, not on Redis. */
@NullMarked
package io.tacho.store;

import org.jspecify.annotations.NullMarked;
