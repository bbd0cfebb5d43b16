// SPDX-License-Identifier: Apache-2.0
/** The program {@code tacho}. */
@NullMarked
package io.tacho.cli;

import org.jspecify.annotations.NullMarked;
