// SPDX-License-Identifier: Apache-2.0
/** For hosts that serve with Netty. */
@NullMarked
package io.tacho.agent.netty;

import org.jspecify.annotations.NullMarked;
