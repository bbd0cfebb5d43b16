// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A host program with an agent that prints whether the node became visible; run with incomplete class paths. */
final class HostProgram {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    /** Several publish intervals, after which an invisible node is considered absent. */
    private static final Duration ABSENCE = Duration.ofSeconds(2);

    private static final long POLL_NANOS = Duration.ofMillis(10).toNanos();

    private HostProgram() {}

    /** Runs the host. The arguments are the URI of Redis and the expected result. */
    public static void main(String... arguments) {
        boolean expected = Boolean.parseBoolean(arguments[1]);
        NodeAgent agent = NodeAgent.builder()
                .redis(arguments[0])
                .name("host")
                .metricsInterval(Duration.ofSeconds(1))
                .start();
        agent.recorder().userConnected("anna");
        agent.recorder().messagePublished();
        long start = System.nanoTime();
        long limit = (expected ? TIMEOUT : ABSENCE).toNanos();
        while (!agent.isPublished() && System.nanoTime() - start < limit) {
            LockSupport.parkNanos(POLL_NANOS);
        }
        System.out.println("published " + agent.isPublished() + ", recorded "
                + agent.totals().numMsgPublished());
        agent.drain();
        agent.close();
        System.out.println("the host ends in order");
    }
}
