// SPDX-License-Identifier: Apache-2.0
/** For hosts that have Micrometer. */
@NullMarked
package io.tacho.agent.micrometer;

import org.jspecify.annotations.NullMarked;
