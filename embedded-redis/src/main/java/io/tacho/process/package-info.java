// SPDX-License-Identifier: Apache-2.0
/** Child processes that end with this JVM. Uses nothing else of Tacho. */
@NullMarked
package io.tacho.process;

import org.jspecify.annotations.NullMarked;
