// SPDX-License-Identifier: Apache-2.0
/** The ports of {@code io.tacho.store} within one process, without Redis. */
@NullMarked
package io.tacho.store.memory;

import org.jspecify.annotations.NullMarked;
