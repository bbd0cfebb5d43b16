// SPDX-License-Identifier: Apache-2.0
/** The history: the windows of the cluster as stored in Redis, and the last windows of each node, in bounded memory. */
@NullMarked
package io.tacho.aggregator.history;

import org.jspecify.annotations.NullMarked;
