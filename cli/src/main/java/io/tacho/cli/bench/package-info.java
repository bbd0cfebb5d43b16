// SPDX-License-Identifier: Apache-2.0
/**
 * The subcommand {@code bench}: measures an aggregator on this machine, compared with a static file of nginx and with the alternatives.
 *
 * <p>Data flow: {@code BenchMain} → {@code TestBed}, which starts Redis, aggregators and swarms → one {@code BenchPhase} after the other
 * → {@code Measurement}s, the {@code BenchResults} → a file, and a {@code Comparison} with those of an earlier run. Load comes from
 * {@code Flood}, {@code NaiveReader} and the {@code program}s beside Tacho.
 */
@NullMarked
package io.tacho.cli.bench;

import org.jspecify.annotations.NullMarked;
