// SPDX-License-Identifier: Apache-2.0
/** The node-agent: one per node, embedded in a JVM host or as a program of its own. */
@NullMarked
package io.tacho.agent;

import org.jspecify.annotations.NullMarked;
