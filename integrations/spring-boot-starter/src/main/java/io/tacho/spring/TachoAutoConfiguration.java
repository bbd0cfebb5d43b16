// SPDX-License-Identifier: Apache-2.0
package io.tacho.spring;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.tacho.agent.micrometer.TachoMetrics;
import io.tacho.agent.record.IntervalRecorder;
import io.tacho.spring.webflux.ServiceDecorator;
import io.tacho.spring.websocket.ClientSessions;
import io.tacho.spring.websocket.EndpointDecorator;
import io.tacho.spring.websocket.StompEvents;
import io.tacho.spring.websocket.StompMessages;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.messaging.simp.broker.AbstractBrokerMessageHandler;

/** Starts the agent with the application, and records what the libraries on its class path know. */
@AutoConfiguration
@ConditionalOnProperty(name = "tacho.enabled", matchIfMissing = true)
@EnableConfigurationProperties(TachoProperties.class)
public class TachoAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    IntervalRecorder tachoRecorder(TachoProperties properties) {
        return new IntervalRecorder(properties.windowDetail());
    }

    @Bean
    @ConditionalOnMissingBean
    TachoAgent tachoAgent(
            TachoProperties properties,
            IntervalRecorder recorder,
            ObjectProvider<NodeAgentCustomizer> customizers,
            Environment environment) {
        return new TachoAgent(properties, recorder, customizers.orderedStream().toList(), environment);
    }

    /** The recorded numbers in the application's registry. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterBinder.class)
    static class Metrics {

        @Bean
        @ConditionalOnMissingBean
        TachoMetrics tachoMetrics(IntervalRecorder recorder, TachoAgent agent) {
            return new TachoMetrics(recorder::totals, agent.gauges(), Tags.empty());
        }
    }

    /** The health indicator of Spring Boot 4. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.boot.health.contributor.HealthIndicator")
    @ConditionalOnProperty(name = "management.health.tacho.enabled", matchIfMissing = true)
    static class HealthOfBoot4 {

        @Bean
        Boot4Health tachoHealthIndicator(TachoAgent agent) {
            return new Boot4Health(agent);
        }
    }

    /** The health indicator of Spring Boot 3. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.boot.actuate.health.HealthIndicator")
    @ConditionalOnMissingClass("org.springframework.boot.health.contributor.HealthIndicator")
    @ConditionalOnProperty(name = "management.health.tacho.enabled", matchIfMissing = true)
    static class HealthOfBoot3 {

        @Bean
        Boot3Health tachoHealthIndicator(TachoAgent agent) {
            return new Boot3Health(agent);
        }
    }

    /** Endpoints of Spring MVC. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(
            name = {
                "org.springframework.web.socket.server.support.WebSocketHttpRequestHandler",
                "org.springframework.web.servlet.handler.SimpleUrlHandlerMapping"
            })
    @ConditionalOnProperty(name = "tacho.websocket", matchIfMissing = true)
    @Import(SessionConfiguration.class)
    static class WebSocket {

        @Bean
        static EndpointDecorator tachoEndpointDecorator(
                ObjectProvider<ClientSessions> sessions, ObjectProvider<IntervalRecorder> recorder) {
            return new EndpointDecorator(sessions, recorder);
        }
    }

    /** Endpoints of Spring WebFlux. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
    @ConditionalOnClass(name = "org.springframework.web.reactive.socket.server.support.WebSocketHandlerAdapter")
    @ConditionalOnProperty(name = "tacho.websocket", matchIfMissing = true)
    @Import(SessionConfiguration.class)
    static class WebFlux {

        @Bean
        static ServiceDecorator tachoServiceDecorator(
                ObjectProvider<ClientSessions> sessions, ObjectProvider<IntervalRecorder> recorder) {
            return new ServiceDecorator(sessions, recorder);
        }
    }

    /** Subscriptions and messages of STOMP. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(
            name = {
                "org.springframework.web.socket.messaging.AbstractSubProtocolEvent",
                "org.springframework.messaging.simp.SimpMessageHeaderAccessor",
                "org.springframework.web.servlet.handler.SimpleUrlHandlerMapping"
            })
    @ConditionalOnProperty(name = "tacho.websocket", matchIfMissing = true)
    @Import(SessionConfiguration.class)
    static class Stomp {

        @Bean
        StompEvents tachoStompEvents(ClientSessions sessions) {
            return new StompEvents(sessions);
        }

        @Bean
        static StompMessages tachoStompMessages(
                ObjectProvider<IntervalRecorder> recorder, ObjectProvider<AbstractBrokerMessageHandler> brokers) {
            return new StompMessages(recorder, brokers);
        }
    }
}
