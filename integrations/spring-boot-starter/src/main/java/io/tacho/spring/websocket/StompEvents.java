// SPDX-License-Identifier: Apache-2.0
package io.tacho.spring.websocket;

import java.security.Principal;
import org.springframework.context.ApplicationListener;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.web.socket.messaging.AbstractSubProtocolEvent;
import org.springframework.web.socket.messaging.SessionConnectedEvent;
import org.springframework.web.socket.messaging.SessionSubscribeEvent;
import org.springframework.web.socket.messaging.SessionUnsubscribeEvent;

/**
 * Records the users and subscriptions of STOMP sessions.
 *
 * <p>Thread safety: safe.
 */
public final class StompEvents implements ApplicationListener<AbstractSubProtocolEvent> {

    private final ClientSessions sessions;

    /** Creates a listener that reports to these sessions. */
    public StompEvents(ClientSessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public void onApplicationEvent(AbstractSubProtocolEvent event) {
        MessageHeaders headers = event.getMessage().getHeaders();
        String session = SimpMessageHeaderAccessor.getSessionId(headers);
        if (session == null) {
            return;
        }
        String subscription = SimpMessageHeaderAccessor.getSubscriptionId(headers);
        String destination = SimpMessageHeaderAccessor.getDestination(headers);
        if (event instanceof SessionConnectedEvent) {
            Principal user = event.getUser();
            sessions.authenticated(session, user == null ? null : user.getName());
        } else if (event instanceof SessionSubscribeEvent && subscription != null && destination != null) {
            sessions.subscribed(session, subscription, destination);
        } else if (event instanceof SessionUnsubscribeEvent && subscription != null) {
            sessions.unsubscribed(session, subscription);
        }
    }
}
