// SPDX-License-Identifier: Apache-2.0
/**
 * Records the traffic of Spring's WebSocket support: sessions of any WebSocket endpoint, subscriptions and messages of STOMP.
 */
@NullMarked
package io.tacho.spring.websocket;

import org.jspecify.annotations.NullMarked;
