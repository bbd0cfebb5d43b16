// SPDX-License-Identifier: Apache-2.0
/** Words and their similarity, for error messages. */
@NullMarked
package io.tacho.text;

import org.jspecify.annotations.NullMarked;
