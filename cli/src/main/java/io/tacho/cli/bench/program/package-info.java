// SPDX-License-Identifier: Apache-2.0
/**
 * The programs beside Tacho in the benchmark: the load generator, and the servers that it is compared with.
 *
 * <p>Data flow: {@code Tool} finds a program → {@code Nginx}, {@code Pushgateway} or {@code CentrifugoNodes} run it → {@code Wrk} and
 * {@code Poller} request responses; {@code ProcessUsage} measures CPU and memory.
 */
@NullMarked
package io.tacho.cli.bench.program;

import org.jspecify.annotations.NullMarked;
