// SPDX-License-Identifier: Apache-2.0
/**
 * The ports of {@code io.tacho.store} and {@code io.tacho.store.alerts} within one process, without Redis.
 *
 * <p>Data flow: publishers write entries into one store, which calls the listeners of all sources at once. Entries expire by
 * an injected clock.
 *
 * <p>Sizes are bounded. Use it in tests of a host or an aggregator.
 */
@NullMarked
package io.tacho.store.memory;

import org.jspecify.annotations.NullMarked;
