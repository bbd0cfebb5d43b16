// SPDX-License-Identifier: Apache-2.0
/** The endpoints: the mapping of requests to responses for each path. */
@NullMarked
package io.tacho.aggregator.http.endpoint;

import org.jspecify.annotations.NullMarked;
