// SPDX-License-Identifier: Apache-2.0
/** Requests, responses and their encoding. */
@NullMarked
package io.tacho.aggregator.http.message;

import org.jspecify.annotations.NullMarked;
