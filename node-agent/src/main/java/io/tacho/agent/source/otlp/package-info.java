// SPDX-License-Identifier: Apache-2.0
/**
 * The source for programs that push their metrics by OTLP over HTTP, in Protocol Buffers.
 *
 * <p>Data flow: {@code PushServer} → {@code OtlpRequests} → {@code OtlpMetrics}, which keeps the last value of every series that a mapping
 * names → {@code ScrapedSource} and the mapping of the Prometheus source, as if they had been scraped. Series with delta temporality
 * are added up, so that both temporalities are totals.
 */
@NullMarked
package io.tacho.agent.source.otlp;

import org.jspecify.annotations.NullMarked;
