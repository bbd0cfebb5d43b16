// SPDX-License-Identifier: Apache-2.0
/** The manual pages of the Debian package, generated from the options of the program. */
@NullMarked
package io.tacho.debian;

import org.jspecify.annotations.NullMarked;
