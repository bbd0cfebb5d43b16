// SPDX-License-Identifier: Apache-2.0
/** The only place that knows how a message looks on the wire. */
@NullMarked
package io.tacho.codec;

import org.jspecify.annotations.NullMarked;
