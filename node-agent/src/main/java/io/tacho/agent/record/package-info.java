// SPDX-License-Identifier: Apache-2.0
/** The recorder that a host calls for every event, and its intervals. */
@NullMarked
package io.tacho.agent.record;

import org.jspecify.annotations.NullMarked;
