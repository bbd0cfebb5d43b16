// SPDX-License-Identifier: Apache-2.0
/**
 * Connections to a Redis server, Sentinel or Cluster.
 *
 * <p>Data flow: {@code RedisSettings} → {@code RedisDeployment} → {@code RedisConnector} → {@code RedisLink} (commands) and
 * {@code Subscription} (messages). Links and subscriptions reconnect with back-off and read credentials and certificates
 * again at each attempt. {@code RedisFailure} classifies what went wrong, {@code RedisFailureLog} logs each change of cause.
 */
@NullMarked
package io.tacho.redis.connection;

import org.jspecify.annotations.NullMarked;
