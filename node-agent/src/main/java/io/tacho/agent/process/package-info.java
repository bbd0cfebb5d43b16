// SPDX-License-Identifier: Apache-2.0
/** The resource usage of processes, from the operating system and the JVM. */
@NullMarked
package io.tacho.agent.process;

import org.jspecify.annotations.NullMarked;
