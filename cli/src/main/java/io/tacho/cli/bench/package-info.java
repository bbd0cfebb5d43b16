// SPDX-License-Identifier: Apache-2.0
/**
 * The subcommand {@code bench}: measures an aggregator on this machine, compared with a static file of nginx and with readers of Redis.
 *
 * <p>Data flow: {@code BenchMain} → {@code TestBed}, which starts Redis, aggregators and swarms → one phase after the other ({@code
 * IngestPhase}, {@code ResponsesPhase}, {@code PollsPhase}, {@code LoadPhase}, {@code StartPhase}) → printed results. Load comes from
 * {@code Wrk}, {@code Poller}, {@code Flood} and {@code NaiveReader}; {@code ProcessUsage} measures CPU and memory.
 */
@NullMarked
package io.tacho.cli.bench;

import org.jspecify.annotations.NullMarked;
