// SPDX-License-Identifier: Apache-2.0
/** The endpoints: how each path turns a request into a response. */
@NullMarked
package io.tacho.aggregator.http.endpoint;

import org.jspecify.annotations.NullMarked;
