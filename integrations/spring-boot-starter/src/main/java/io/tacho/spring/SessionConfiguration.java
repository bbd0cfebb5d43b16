// SPDX-License-Identifier: Apache-2.0
package io.tacho.spring;

import io.tacho.agent.record.IntervalRecorder;
import io.tacho.spring.websocket.ClientSessions;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * The sessions of all endpoints. Not a member of {@link TachoAutoConfiguration}, which would register it in every application: without
 * endpoints the clients are those that the application records.
 */
@Configuration(proxyBeanMethods = false)
class SessionConfiguration {

    @Bean
    ClientSessions tachoClientSessions(IntervalRecorder recorder) {
        return new ClientSessions(recorder);
    }

    /** First, so that the application's own customizers take precedence. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    NodeAgentCustomizer tachoClients(ClientSessions sessions) {
        return agent -> agent.numClients(sessions::size);
    }
}
