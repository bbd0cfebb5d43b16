// SPDX-License-Identifier: Apache-2.0
package io.tacho.spring.websocket;

import io.tacho.agent.record.IntervalRecorder;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.InstantiationAwareBeanPostProcessor;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;
import org.springframework.web.socket.sockjs.support.SockJsHttpRequestHandler;

/**
 * Decorates the handler of every WebSocket and SockJS endpoint, so that its sessions are recorded. It does so when the mapping of
 * paths to handlers was created and before the mapping registers them.
 *
 * <p>Thread safety: safe.
 */
public final class EndpointDecorator implements InstantiationAwareBeanPostProcessor {

    private static final Logger logger = LoggerFactory.getLogger(EndpointDecorator.class);

    private final ObjectProvider<ClientSessions> sessions;
    private final ObjectProvider<IntervalRecorder> recorder;

    /** Creates a decorator that asks for the other beans only when there is an endpoint. */
    public EndpointDecorator(ObjectProvider<ClientSessions> sessions, ObjectProvider<IntervalRecorder> recorder) {
        this.sessions = sessions;
        this.recorder = recorder;
    }

    @Override
    public boolean postProcessAfterInstantiation(Object bean, String name) {
        if (bean instanceof SimpleUrlHandlerMapping mapping) {
            decorate(mapping.getUrlMap());
        }
        return true;
    }

    private <H> void decorate(Map<String, H> handlers) {
        handlers.replaceAll((path, handler) -> decorated(handler));
    }

    @SuppressWarnings("unchecked")
    private <H> H decorated(H handler) {
        Class<?> type = handler.getClass();
        // a copy of the application's own type would be without its methods
        if (type == WebSocketHttpRequestHandler.class && handler instanceof WebSocketHttpRequestHandler endpoint) {
            WebSocketHttpRequestHandler decorated = new WebSocketHttpRequestHandler(
                    recording(endpoint.getWebSocketHandler()), endpoint.getHandshakeHandler());
            decorated.setHandshakeInterceptors(endpoint.getHandshakeInterceptors());
            return (H) decorated;
        }
        if (type == SockJsHttpRequestHandler.class && handler instanceof SockJsHttpRequestHandler endpoint) {
            return (H) new SockJsHttpRequestHandler(
                    endpoint.getSockJsService(), recording(endpoint.getWebSocketHandler()));
        }
        if (handler instanceof WebSocketHttpRequestHandler || handler instanceof SockJsHttpRequestHandler) {
            logger.info("an endpoint is of the application's own {}; its sessions are not recorded", type);
        }
        return handler;
    }

    private WebSocketHandler recording(WebSocketHandler handler) {
        return new RecordingHandler(handler, sessions.getObject(), recorder.getObject());
    }
}
