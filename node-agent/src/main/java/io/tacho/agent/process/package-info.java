// SPDX-License-Identifier: Apache-2.0
/** What the operating system and the JVM tell about the process. */
@NullMarked
package io.tacho.agent.process;

import org.jspecify.annotations.NullMarked;
