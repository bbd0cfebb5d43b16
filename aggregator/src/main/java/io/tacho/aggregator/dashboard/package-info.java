// SPDX-License-Identifier: Apache-2.0
/** The page that shows the cluster: its files, ready to be sent. */
@NullMarked
package io.tacho.aggregator.dashboard;

import org.jspecify.annotations.NullMarked;
