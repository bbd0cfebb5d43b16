// SPDX-License-Identifier: Apache-2.0
/**
 * The agent: reports one node to Redis. Embed it in a JVM host, or run it as a program.
 *
 * <p>Data flow: event → {@code StatsRecorder} → window → {@code NodeSnapshot} → beat → Redis. For other programs a {@code
 * NodeSource} replaces the recorder.
 *
 * <p>{@code NodeAgent} connects the packages {@code record}, {@code source}, {@code publish} and {@code redis}, and owns
 * their life cycle. No method throws into the host or blocks it after the start.
 */
@NullMarked
package io.tacho.agent;

import org.jspecify.annotations.NullMarked;
