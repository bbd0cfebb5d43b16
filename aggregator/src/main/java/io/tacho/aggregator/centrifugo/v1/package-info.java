// SPDX-License-Identifier: Apache-2.0
/** The server API of Centrifugo 1.x, including the behavior that comes from Go's standard library. */
@NullMarked
package io.tacho.aggregator.centrifugo.v1;

import org.jspecify.annotations.NullMarked;
