// SPDX-License-Identifier: Apache-2.0
/**
 * Streams of events about changes of the view, for any number of readers of {@code /events}, each at its own speed.
 *
 * <p>Data flow: {@code ClusterView} → {@code EventFeed} → {@code EventBatches}, shared by readers at the same position → {@code
 * EventSink} of each reader. {@code ReaderState} has the position of a reader. {@code EventPosition} is the id of an event, from which a reader continues after a reconnect.
 *
 * <p>A reader is a position in the change log, not a queue: a slow reader receives only the last beat of each node.
 */
@NullMarked
package io.tacho.aggregator.events;

import org.jspecify.annotations.NullMarked;
