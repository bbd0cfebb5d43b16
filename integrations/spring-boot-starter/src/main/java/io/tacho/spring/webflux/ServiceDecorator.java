// SPDX-License-Identifier: Apache-2.0
package io.tacho.spring.webflux;

import io.tacho.agent.record.IntervalRecorder;
import io.tacho.spring.websocket.ClientSessions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.web.reactive.socket.server.WebSocketService;
import org.springframework.web.reactive.socket.server.support.WebSocketHandlerAdapter;

/**
 * Decorates the service that upgrades requests to WebSocket sessions, so that the sessions of all handlers are recorded.
 *
 * <p>Thread safety: safe.
 */
public final class ServiceDecorator implements BeanPostProcessor {

    private static final Logger logger = LoggerFactory.getLogger(ServiceDecorator.class);

    private final ObjectProvider<ClientSessions> sessions;
    private final ObjectProvider<IntervalRecorder> recorder;

    /** Creates a decorator that requests the other beans only when there is a service. */
    public ServiceDecorator(ObjectProvider<ClientSessions> sessions, ObjectProvider<IntervalRecorder> recorder) {
        this.sessions = sessions;
        this.recorder = recorder;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (!(bean instanceof WebSocketHandlerAdapter adapter)) {
            return bean;
        }
        if (bean.getClass() != WebSocketHandlerAdapter.class) {
            // a copy would be without the application's own methods
            logger.info("{} is of the application's own {}; its sessions are not recorded", name, bean.getClass());
            return bean;
        }
        WebSocketService service = adapter.getWebSocketService();
        WebSocketHandlerAdapter decorated = new WebSocketHandlerAdapter((exchange, handler) -> service.handleRequest(
                exchange, new RecordingHandler(handler, sessions.getObject(), recorder.getObject())));
        decorated.setOrder(adapter.getOrder());
        return decorated;
    }
}
