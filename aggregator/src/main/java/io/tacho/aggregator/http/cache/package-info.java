// SPDX-License-Identifier: Apache-2.0
/** Response bodies that are made once for many requests. */
@NullMarked
package io.tacho.aggregator.http.cache;

import org.jspecify.annotations.NullMarked;
