// SPDX-License-Identifier: Apache-2.0
/** Which endpoint serves which path, and which clients may call it. */
@NullMarked
package io.tacho.aggregator.http.routing;

import org.jspecify.annotations.NullMarked;
