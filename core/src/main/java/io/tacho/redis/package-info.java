// SPDX-License-Identifier: Apache-2.0
/**
 * The Redis contract for reading and writing: every key, TTL, script and channel.
 *
 * <p>Data flow, agent: {@code RedisSnapshotPublisher} → {@code RedisScript} ({@code beat.lua}, {@code upload.lua}) → Redis.
 * Aggregator: {@code Subscription} → {@code RedisSnapshotSource} → listener, and {@code load.lua} for entries that messages
 * did not deliver.
 *
 * <p>{@code RedisTransport} combines everything for the composition root, on connections of {@code io.tacho.redis.connection}.
 * Lettuce is used in these two packages only.
 */
@NullMarked
package io.tacho.redis;

import org.jspecify.annotations.NullMarked;
