// SPDX-License-Identifier: Apache-2.0
/** From the transport to the view: applies what arrives, loads what was missed, asks before it gives a node up. */
@NullMarked
package io.tacho.aggregator.collect;

import org.jspecify.annotations.NullMarked;
