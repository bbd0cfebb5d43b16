// SPDX-License-Identifier: Apache-2.0
/** Records the WebSocket sessions of Spring WebFlux. */
@NullMarked
package io.tacho.spring.webflux;

import org.jspecify.annotations.NullMarked;
