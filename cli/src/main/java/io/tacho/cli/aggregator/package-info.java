// SPDX-License-Identifier: Apache-2.0
/**
 * The subcommand {@code aggregator}.
 *
 * <p>Data flow: options, environment and configuration file → {@code AggregatorMain}, with {@code HttpOptions} and {@code AlertOptions}
 * → {@code AggregatorSettings} → {@code Aggregator}. SIGHUP applies changed keys, alert rules, certificates and log levels.
 */
@NullMarked
package io.tacho.cli.aggregator;

import org.jspecify.annotations.NullMarked;
