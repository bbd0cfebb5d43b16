// SPDX-License-Identifier: Apache-2.0
/** The last known truth about every node. */
@NullMarked
package io.tacho.aggregator.view;

import org.jspecify.annotations.NullMarked;
