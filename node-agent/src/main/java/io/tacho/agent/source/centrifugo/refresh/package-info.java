// SPDX-License-Identifier: Apache-2.0
/**
 * Passes a Centrifugo's refresh requests on to the application, to learn which users are connected.
 *
 * <p>Data flow: Centrifugo → {@code RefreshConnection} → {@code Application} → response, then → {@code RefreshedUser} → {@code
 * ConnectedUsers} → {@code RefreshProxy} → the node's sketch of users.
 */
@NullMarked
package io.tacho.agent.source.centrifugo.refresh;

import org.jspecify.annotations.NullMarked;
