// SPDX-License-Identifier: Apache-2.0
package io.tacho.spring.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.agent.record.IntervalRecorder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.handler.TextWebSocketHandler;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;

class EndpointDecoratorTest {

    private static final class CustomEndpoint extends WebSocketHttpRequestHandler {
        CustomEndpoint(WebSocketHandler handler) {
            super(handler);
        }
    }

    @Test
    void endpointOfSpring_isDecorated_thatOfTheApplicationStaysAsItIs() {
        IntervalRecorder recorder = new IntervalRecorder();
        StaticListableBeanFactory beans =
                new StaticListableBeanFactory(Map.of("recorder", recorder, "sessions", new ClientSessions(recorder)));
        WebSocketHttpRequestHandler endpoint = new WebSocketHttpRequestHandler(new TextWebSocketHandler());
        CustomEndpoint custom = new CustomEndpoint(new TextWebSocketHandler());
        SimpleUrlHandlerMapping mapping = new SimpleUrlHandlerMapping(Map.of("/a", endpoint, "/b", custom));

        new EndpointDecorator(
                        beans.getBeanProvider(ClientSessions.class), beans.getBeanProvider(IntervalRecorder.class))
                .postProcessAfterInstantiation(mapping, "mapping");

        assertThat(mapping.getUrlMap().get("/a"))
                .isNotSameAs(endpoint)
                .isExactlyInstanceOf(WebSocketHttpRequestHandler.class);
        assertThat(mapping.getUrlMap().get("/b")).isSameAs(custom);
    }
}
