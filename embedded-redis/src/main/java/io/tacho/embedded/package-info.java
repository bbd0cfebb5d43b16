// SPDX-License-Identifier: Apache-2.0
/**
 * A real redis-server as a child process, for the demo, the benchmark and the tests.
 *
 * <p>Data flow: the binary of a Maven artifact → extracted to a temporary directory → {@code EmbeddedRedis} starts it on a free port and
 * ends it with this JVM.
 */
@NullMarked
package io.tacho.embedded;

import org.jspecify.annotations.NullMarked;
