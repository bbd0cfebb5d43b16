// SPDX-License-Identifier: Apache-2.0
/** The feed of what changes in the view, for any number of readers at any pace. */
@NullMarked
package io.tacho.aggregator.events;

import org.jspecify.annotations.NullMarked;
