// SPDX-License-Identifier: Apache-2.0
/** The data that a node publishes: the 22 fields, and their envelope. */
@NullMarked
package io.tacho.model;

import org.jspecify.annotations.NullMarked;
