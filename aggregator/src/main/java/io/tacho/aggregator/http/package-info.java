// SPDX-License-Identifier: Apache-2.0
/** The HTTP server and its endpoints. */
@NullMarked
package io.tacho.aggregator.http;

import org.jspecify.annotations.NullMarked;
