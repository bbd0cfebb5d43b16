// SPDX-License-Identifier: Apache-2.0
/**
 * The source for a Centrifugo v3 to v6: which of its metrics are which fields, version by version.
 *
 * <p>Data flow: {@code Scrape} → {@code CentrifugoWindow} → {@code CentrifugoNode}, within a {@code ScrapedSource}.
 */
@NullMarked
package io.tacho.agent.source.centrifugo;

import org.jspecify.annotations.NullMarked;
