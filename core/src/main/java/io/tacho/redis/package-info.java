// SPDX-License-Identifier: Apache-2.0
/** The Redis contract, writer and reader together: every key, TTL, script and channel. */
@NullMarked
package io.tacho.redis;

import org.jspecify.annotations.NullMarked;
