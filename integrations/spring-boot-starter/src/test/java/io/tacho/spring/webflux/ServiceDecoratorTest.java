// SPDX-License-Identifier: Apache-2.0
package io.tacho.spring.webflux;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.agent.record.IntervalRecorder;
import io.tacho.spring.websocket.ClientSessions;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.web.reactive.socket.server.support.WebSocketHandlerAdapter;

class ServiceDecoratorTest {

    private final StaticListableBeanFactory beans = new StaticListableBeanFactory();
    private final ServiceDecorator decorator = new ServiceDecorator(
            beans.getBeanProvider(ClientSessions.class), beans.getBeanProvider(IntervalRecorder.class));

    private static final class CustomAdapter extends WebSocketHandlerAdapter {}

    @Test
    void adapterOfSpring_isDecorated_withItsOrder() {
        WebSocketHandlerAdapter adapter = new WebSocketHandlerAdapter();
        adapter.setOrder(7);

        Object decorated = decorator.postProcessAfterInitialization(adapter, "adapter");

        assertThat(decorated).isNotSameAs(adapter).isInstanceOf(WebSocketHandlerAdapter.class);
        assertThat(((WebSocketHandlerAdapter) decorated).getOrder()).isEqualTo(7);
    }

    @Test
    void adapterOfTheApplication_staysAsItIs() {
        CustomAdapter adapter = new CustomAdapter();

        assertThat(decorator.postProcessAfterInitialization(adapter, "adapter")).isSameAs(adapter);
    }
}
