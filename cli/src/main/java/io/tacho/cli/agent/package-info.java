// SPDX-License-Identifier: Apache-2.0
/**
 * The subcommand {@code agent}: the agent as a sidecar process.
 *
 * <p>Data flow: options, environment and configuration file → {@code NodeAgentMain} → {@code PublishSettings}, {@code RedisSettings}
 * and, by {@code SourceOptions}, a {@code NodeSource} → {@code NodeAgent}. With {@code --dry-run}, {@code LinePublisher} prints each
 * beat as a line of JSON instead of publishing it.
 */
@NullMarked
package io.tacho.cli.agent;

import org.jspecify.annotations.NullMarked;
