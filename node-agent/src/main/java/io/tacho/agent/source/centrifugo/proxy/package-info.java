// SPDX-License-Identifier: Apache-2.0
/**
 * Passes a Centrifugo's proxy requests on to the application, to learn which users are connected.
 *
 * <p>Data flow: Centrifugo → {@code UserProxy} → {@code ProxyConnection} → {@code Application} → response, then → {@code
 * ProxiedUser} → {@code ConnectedUsers} → the node's sketch of users.
 */
@NullMarked
package io.tacho.agent.source.centrifugo.proxy;

import org.jspecify.annotations.NullMarked;
