// SPDX-License-Identifier: Apache-2.0
/** What is answered, in bytes; knows nothing of HTTP's connections. */
@NullMarked
package io.tacho.aggregator.api;

import org.jspecify.annotations.NullMarked;
