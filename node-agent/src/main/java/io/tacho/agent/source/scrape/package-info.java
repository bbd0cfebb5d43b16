// SPDX-License-Identifier: Apache-2.0
/**
 * What sources that scrape Prometheus metrics have in common: requests, formats, windows and restarts.
 *
 * <p>Data flow: {@code MetricsClient} → {@code Exposition} → {@code MetricsText} or {@code MetricsProtobuf} → {@code Scrape} →
 * {@code Increase} → {@code WindowMetrics} → {@code ScrapedSource}. A {@code ScrapedNode} knows which metrics are which fields.
 *
 * <p>A window is the increase between two scrapes. A failed scrape keeps the window open, so no event is lost.
 */
@NullMarked
package io.tacho.agent.source.scrape;

import org.jspecify.annotations.NullMarked;
