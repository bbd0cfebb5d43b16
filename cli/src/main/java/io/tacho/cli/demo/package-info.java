// SPDX-License-Identifier: Apache-2.0
/** A small real WebSocket hub that embeds the agent, real clients that load it, and the program that brings up a local cluster of them. */
@NullMarked
package io.tacho.cli.demo;

import org.jspecify.annotations.NullMarked;
