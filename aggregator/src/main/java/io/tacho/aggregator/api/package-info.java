// SPDX-License-Identifier: Apache-2.0
/** The bodies of responses, as bytes, independent of HTTP connections. */
@NullMarked
package io.tacho.aggregator.api;

import org.jspecify.annotations.NullMarked;
