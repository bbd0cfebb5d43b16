// SPDX-License-Identifier: Apache-2.0
/**
 * Changes of the view for any number of readers of {@code /events}, each at its own pace.
 *
 * <p>Data flow: {@code ClusterView} → {@code EventFeed} → {@code FeedPieces} (shared bytes) → {@code FeedReader} → {@code
 * EventSink}.
 *
 * <p>A reader is a position in the change log, not a queue: a slow reader receives the last beat of each node only.
 */
@NullMarked
package io.tacho.aggregator.events;

import org.jspecify.annotations.NullMarked;
