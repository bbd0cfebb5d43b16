// SPDX-License-Identifier: Apache-2.0
/**
 * The ports between agents, aggregators and the store. Users of these ports know nothing of Redis.
 *
 * <p>Data flow: an agent publishes beats to a {@code SnapshotPublisher} and uploads windows to a {@code WindowSink}. A
 * {@code SnapshotSource} sends messages and loaded entries to the {@code SnapshotListener} of an aggregator, which reads the
 * history from a {@code WindowHistory} and shares membership changes by a {@code MembershipLog}.
 *
 * <p>Implementations are the packages {@code redis} and {@code store.memory}; the same contract test verifies both.
 */
@NullMarked
package io.tacho.store;

import org.jspecify.annotations.NullMarked;
