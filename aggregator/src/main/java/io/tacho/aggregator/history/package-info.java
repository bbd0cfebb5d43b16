// SPDX-License-Identifier: Apache-2.0
/** What was: the windows of the cluster as they stand in Redis, and the last windows of each node, in bounded memory. */
@NullMarked
package io.tacho.aggregator.history;

import org.jspecify.annotations.NullMarked;
