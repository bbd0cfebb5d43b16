// SPDX-License-Identifier: Apache-2.0
/**
 * The values that nodes publish and aggregators read: the 22 fields, and the envelopes that carry them.
 *
 * <p>Data flow: a {@code NodeSnapshot} has the 22 fields. {@code SnapshotEnvelope} adds sequence number, TTL, window and optional
 * parts. {@code NodeWindow} is one window of a node, {@code ClusterWindow} the sum over all nodes.
 *
 * <p>{@code Field} is the field catalogue: wire name, unit, kind and merge rule of each field. Records validate their
 * components. This package knows no wire format.
 */
@NullMarked
package io.tacho.model;

import org.jspecify.annotations.NullMarked;
