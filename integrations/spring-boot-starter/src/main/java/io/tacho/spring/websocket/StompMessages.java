// SPDX-License-Identifier: Apache-2.0
package io.tacho.spring.websocket;

import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.record.StatsRecorder;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.broker.AbstractBrokerMessageHandler;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.InterceptableChannel;

/**
 * Records the messages of STOMP in the channels of Spring: those to the broker as published, those to clients as queued.
 *
 * <p>Thread safety: safe.
 */
public final class StompMessages implements BeanPostProcessor {

    private final ObjectProvider<IntervalRecorder> recorder;
    private final ObjectProvider<AbstractBrokerMessageHandler> brokers;

    /** Creates interceptors for the channels, which ask for the other beans only when there are channels. */
    public StompMessages(
            ObjectProvider<IntervalRecorder> recorder, ObjectProvider<AbstractBrokerMessageHandler> brokers) {
        this.recorder = recorder;
        this.brokers = brokers;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (bean instanceof InterceptableChannel channel) {
            switch (name) {
                // clients may send to the broker's destinations directly
                case "brokerChannel", "clientInboundChannel" ->
                    channel.addInterceptor(new Published(recorder.getObject()));
                case "clientOutboundChannel" -> channel.addInterceptor(new Queued(recorder.getObject()));
                default -> {}
            }
        }
        return bean;
    }

    private record Queued(StatsRecorder recorder) implements ChannelInterceptor {

        @Override
        public void postSend(Message<?> message, MessageChannel channel, boolean sent) {
            if (sent) {
                recorder.messageQueued();
            }
        }
    }

    private final class Published implements ChannelInterceptor {

        private final StatsRecorder target;
        private volatile @Nullable Collection<String> prefixes;

        Published(StatsRecorder target) {
            this.target = target;
        }

        @Override
        public void postSend(Message<?> message, MessageChannel channel, boolean sent) {
            String destination = SimpMessageHeaderAccessor.getDestination(message.getHeaders());
            if (sent
                    && destination != null
                    && SimpMessageHeaderAccessor.getMessageType(message.getHeaders()) == SimpMessageType.MESSAGE
                    && isOfBroker(destination)) {
                target.messagePublished();
            }
        }

        /** Other destinations are of the application, which sends to the broker itself if it publishes. */
        private boolean isOfBroker(String destination) {
            Collection<String> known = prefixes;
            if (known == null) {
                known = brokers.stream()
                        .flatMap(broker -> broker.getDestinationPrefixes().stream())
                        .distinct()
                        .toList();
                prefixes = known;
            }
            for (String prefix : known) {
                if (destination.startsWith(prefix)) {
                    return true;
                }
            }
            return false;
        }
    }
}
