// SPDX-License-Identifier: Apache-2.0
/** What a node says of itself: the 22 fields, and the envelope they travel in. */
@NullMarked
package io.tacho.model;

import org.jspecify.annotations.NullMarked;
