// SPDX-License-Identifier: Apache-2.0
/** The ports between nodes and aggregators: whoever publishes or collects snapshots sees these, and nothing of Redis. */
@NullMarked
package io.tacho.store;

import org.jspecify.annotations.NullMarked;
