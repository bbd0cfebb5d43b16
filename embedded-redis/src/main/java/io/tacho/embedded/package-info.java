// SPDX-License-Identifier: Apache-2.0
/** A real redis-server as a child process, for the quick start and for tests. */
@NullMarked
package io.tacho.embedded;

import org.jspecify.annotations.NullMarked;
