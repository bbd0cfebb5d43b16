// SPDX-License-Identifier: Apache-2.0
/** The totals of the cluster: the values of all nodes, merged by the rules of the field catalogue. */
@NullMarked
package io.tacho.aggregator.cluster;

import org.jspecify.annotations.NullMarked;
