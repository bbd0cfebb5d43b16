// SPDX-License-Identifier: Apache-2.0
/**
 * The wire format of messages and entries. No other package knows it.
 *
 * <p>Data flow, writing: {@code SnapshotEnvelope} → {@code SnapshotCodec} → {@code BeatWriter} and {@code EntryWriter} →
 * JSON message and fields of the Redis hash. Reading: bytes → {@code FieldsReader} → {@code Shape} and {@code OptionalParts}
 * → {@code SnapshotEnvelope}.
 *
 * <p>An invalid required field results in a {@code MalformedSnapshotException} with a reason. An unreadable optional part is
 * left out and counted.
 */
@NullMarked
package io.tacho.codec;

import org.jspecify.annotations.NullMarked;
