// SPDX-License-Identifier: Apache-2.0
/** What nodes ship to be merged over the cluster: histograms of durations, sketches of distinct ids, and their text forms. */
@NullMarked
package io.tacho.sketch;

import org.jspecify.annotations.NullMarked;
