// SPDX-License-Identifier: Apache-2.0
/** Text for people: similar words and collected errors of settings, glob patterns, URLs without secrets, printable characters. */
@NullMarked
package io.tacho.text;

import org.jspecify.annotations.NullMarked;
