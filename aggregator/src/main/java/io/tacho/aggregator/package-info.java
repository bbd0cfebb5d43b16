// SPDX-License-Identifier: Apache-2.0
/** The aggregator: follows all nodes and serves their data. */
@NullMarked
package io.tacho.aggregator;

import org.jspecify.annotations.NullMarked;
