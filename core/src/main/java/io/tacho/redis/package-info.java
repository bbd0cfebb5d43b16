// SPDX-License-Identifier: Apache-2.0
/**
 * The Redis contract for reading and writing: every key, TTL, script and channel.
 *
 * <p>Data flow, agent: {@code RedisSnapshotPublisher} → {@code RedisScript} ({@code beat.lua}, {@code upload.lua}) → Redis.
 * Aggregator: {@code Subscription} → {@code RedisSnapshotSource} → listener, and {@code load.lua} for entries that messages
 * did not deliver.
 *
 * <p>{@code RedisConnector} connects to a server, Sentinel or Cluster and reconnects with back-off. {@code RedisTransport}
 * combines everything for the composition root. Lettuce is used in this package only.
 */
@NullMarked
package io.tacho.redis;

import org.jspecify.annotations.NullMarked;
