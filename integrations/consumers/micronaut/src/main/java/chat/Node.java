package chat;

import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Value;
import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import io.tacho.agent.NodeAgent;
import io.tacho.agent.record.IntervalRecorder;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;

@Factory
class Node {

    private final IntervalRecorder recorder = new IntervalRecorder();

    @Value("${tacho.redis}")
    String redis;

    @Value("${tacho.name}")
    String name;

    private NodeAgent agent;

    @Singleton
    IntervalRecorder recorder() {
        return recorder;
    }

    @EventListener
    void start(ServerStartupEvent event) {
        agent = NodeAgent.builder()
                .redis(redis)
                .name(name)
                .recorder(recorder)
                .closeOnShutdown(false)
                .start();
    }

    @PreDestroy
    void stop() {
        if (agent != null) {
            agent.close();
        }
    }
}
