// SPDX-License-Identifier: Apache-2.0
/** What a host calls for every event, and what makes intervals of it. */
@NullMarked
package io.tacho.agent.record;

import org.jspecify.annotations.NullMarked;
