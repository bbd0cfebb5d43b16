// SPDX-License-Identifier: Apache-2.0
/** Feeds the view from the store: applies messages, loads what was missed, and confirms or evicts suspects. */
@NullMarked
package io.tacho.aggregator.collect;

import org.jspecify.annotations.NullMarked;
