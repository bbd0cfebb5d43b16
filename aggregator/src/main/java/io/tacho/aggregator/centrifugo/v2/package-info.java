// SPDX-License-Identifier: Apache-2.0
/** The server API of Centrifugo 2 to 6. */
@NullMarked
package io.tacho.aggregator.centrifugo.v2;

import org.jspecify.annotations.NullMarked;
