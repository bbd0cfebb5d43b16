// SPDX-License-Identifier: Apache-2.0
/**
 * The source for a Centrifugo v3 to v6: reads its {@code /metrics}.
 *
 * <p>Data flow: {@code MetricsClient} → {@code MetricsText} → {@code Scrape} → {@code WindowMetrics} → {@code
 * CentrifugoNode} → {@code CentrifugoSource}.
 *
 * <p>A window is the increase between two scrapes. A failed scrape keeps the window open, so no event is lost.
 */
@NullMarked
package io.tacho.agent.source.centrifugo;

import org.jspecify.annotations.NullMarked;
