// SPDX-License-Identifier: Apache-2.0
/** The CDS training run, which writes the class-data archives of the program. */
@NullMarked
package io.tacho.cli.training;

import org.jspecify.annotations.NullMarked;
