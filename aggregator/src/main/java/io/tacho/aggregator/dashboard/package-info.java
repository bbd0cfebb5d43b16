// SPDX-License-Identifier: Apache-2.0
/**
 * The files of the dashboard.
 *
 * <p>Data flow: resources of the jar → {@code DashboardFile} (bytes, type, gzip) → {@code Dashboard}, by name below a hash
 * of all files.
 *
 * <p>The page itself reads {@code /events}, {@code /cluster}, {@code /history} and {@code /membership} in the browser.
 */
@NullMarked
package io.tacho.aggregator.dashboard;

import org.jspecify.annotations.NullMarked;
