// SPDX-License-Identifier: Apache-2.0
/** Mechanisms that several packages share: what limits the rate of log messages. */
@NullMarked
package io.tacho.concurrent;

import org.jspecify.annotations.NullMarked;
