// SPDX-License-Identifier: Apache-2.0
/** The recent membership changes of the cluster, the same at every aggregator. */
@NullMarked
package io.tacho.aggregator.membership;

import org.jspecify.annotations.NullMarked;
