// SPDX-License-Identifier: Apache-2.0
/** Values that can be merged over the nodes of a cluster: histograms of durations and sketches of distinct ids. */
@NullMarked
package io.tacho.sketch;

import org.jspecify.annotations.NullMarked;
