// SPDX-License-Identifier: Apache-2.0
/**
 * The subcommands {@code top} and {@code stats}: the nodes in a terminal, or as text for pipes. They use the HTTP API of an aggregator
 * only.
 *
 * <p>Data flow of {@code top}: {@code /events}, {@code /cluster} and {@code /membership} → {@code ApiClient} → {@code Follower} → {@code
 * LiveCluster} → {@code TopFrame} → {@code Screen}; keys of the {@code Keyboard} change the {@code TopState}. {@code stats}: {@code
 * /stats} → {@code ApiClient} → {@code StatsMain}. Both sort by {@code NodeSort}, filter by {@code NodeFilter} and show {@code Column}s.
 */
@NullMarked
package io.tacho.cli.terminal;

import org.jspecify.annotations.NullMarked;
