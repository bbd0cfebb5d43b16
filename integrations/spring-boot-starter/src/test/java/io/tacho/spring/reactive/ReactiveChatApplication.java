// SPDX-License-Identifier: Apache-2.0
package io.tacho.spring.reactive;

import java.security.Principal;
import java.util.Map;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Mono;

/** A WebFlux application without any Tacho code: an echo over a WebSocket; the query contains the user. */
@SpringBootApplication
public class ReactiveChatApplication {

    @Bean
    SimpleUrlHandlerMapping endpoints() {
        WebSocketHandler echo = session -> session.send(session.receive().doOnNext(WebSocketMessage::retain));
        return new SimpleUrlHandlerMapping(Map.of("/echo", echo), -1);
    }

    @Bean
    WebFilter authentication() {
        return (exchange, chain) -> {
            String user = exchange.getRequest().getQueryParams().getFirst("user");
            Principal principal = () -> user;
            return chain.filter(
                    user == null
                            ? exchange
                            : exchange.mutate().principal(Mono.just(principal)).build());
        };
    }
}
