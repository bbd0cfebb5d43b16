// SPDX-License-Identifier: Apache-2.0
/**
 * The subcommand {@code demo}: a local cluster of real processes.
 *
 * <p>Data flow: {@code DemoCluster} starts Redis, nodes ({@code DemoNode}), clients ({@code DemoClients}) and an aggregator as child
 * processes, and prints their addresses. A node is a small WebSocket server, {@code DemoHub}, that embeds the agent; {@code DemoLoad}
 * connects {@code LoadClient}s that subscribe and publish.
 */
@NullMarked
package io.tacho.cli.demo;

import org.jspecify.annotations.NullMarked;
