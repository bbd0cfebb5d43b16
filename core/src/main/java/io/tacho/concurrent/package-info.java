// SPDX-License-Identifier: Apache-2.0
/**
 * Mechanisms for threads and failures that all modules share: named daemon threads, guarded tasks, unwrapping of failures,
 * and rate-limited logging. Uses nothing else of Tacho.
 */
@NullMarked
package io.tacho.concurrent;

import org.jspecify.annotations.NullMarked;
