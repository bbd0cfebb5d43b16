// SPDX-License-Identifier: Apache-2.0
/** From recorded numbers to snapshots, and on to the transport, in time. */
@NullMarked
package io.tacho.agent.publish;

import org.jspecify.annotations.NullMarked;
