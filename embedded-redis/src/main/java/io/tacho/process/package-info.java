// SPDX-License-Identifier: Apache-2.0
/**
 * Child processes that end with this JVM, also if it is killed. Uses nothing else of Tacho.
 *
 * <p>Data flow: command line → {@code ChildProcess} → output files, in which it finds the address of a server. {@code
 * ParentDeathWatchdog} ends the child when this JVM has ended.
 */
@NullMarked
package io.tacho.process;

import org.jspecify.annotations.NullMarked;
