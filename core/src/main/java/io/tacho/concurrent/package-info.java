// SPDX-License-Identifier: Apache-2.0
/**
 * Mechanisms for threads and failures that all modules share. Uses nothing else of Tacho.
 *
 * <p>{@code DaemonThreads} creates named daemon threads; {@code GuardedTask} and {@code GuardedExecutor} keep a failing task from ending
 * its schedule; {@code Failures} unwraps exceptions of futures; {@code RateLimitedLog} limits repeated log messages to one per minute.
 */
@NullMarked
package io.tacho.concurrent;

import org.jspecify.annotations.NullMarked;
