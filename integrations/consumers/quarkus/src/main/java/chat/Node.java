package chat;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.websockets.next.OpenConnections;
import io.tacho.agent.NodeAgent;
import io.tacho.agent.record.IntervalRecorder;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

@Singleton
public class Node {

    @Produces
    final IntervalRecorder recorder = new IntervalRecorder();

    @ConfigProperty(name = "tacho.redis")
    String redis;

    @ConfigProperty(name = "tacho.name")
    String name;

    @Inject
    OpenConnections connections;

    private NodeAgent agent;

    void start(@Observes StartupEvent event) {
        agent = NodeAgent.builder()
                .redis(redis)
                .name(name)
                .recorder(recorder)
                .numClients(() -> connections.stream().count())
                .closeOnShutdown(false)
                .start();
    }

    void stop(@Observes ShutdownEvent event) {
        agent.close();
    }
}
