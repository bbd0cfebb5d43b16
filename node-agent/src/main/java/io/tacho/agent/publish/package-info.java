// SPDX-License-Identifier: Apache-2.0
/**
 * Snapshots, beats and history uploads, on one thread.
 *
 * <p>Data flow: {@code NodeSource} → {@code SnapshotAssembler} → {@code PublishLoop} → {@code SnapshotPublisher}. At the end
 * of a window: {@code ClosedWindow} → {@code RetainedWindows} → {@code WindowUploader} → {@code WindowSink}.
 *
 * <p>At most one beat is in flight. A beat that is due meanwhile is skipped. Each window is uploaded exactly once.
 */
@NullMarked
package io.tacho.agent.publish;

import org.jspecify.annotations.NullMarked;
