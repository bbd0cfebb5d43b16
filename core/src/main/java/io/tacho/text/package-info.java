// SPDX-License-Identifier: Apache-2.0
/** Text matching: similar words for error messages, and glob patterns. */
@NullMarked
package io.tacho.text;

import org.jspecify.annotations.NullMarked;
