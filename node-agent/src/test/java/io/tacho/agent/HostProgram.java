// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent;

import java.time.Duration;

/** A host with an agent, as a program: prints whether the node became visible. Used with class paths that lack libraries. */
final class HostProgram {

    private static final long TIMEOUT_NANOS = Duration.ofSeconds(10).toNanos();

    private HostProgram() {}

    /** Runs the host; the arguments are the URI of Redis and the expected result. */
    public static void main(String... arguments) throws InterruptedException {
        boolean expected = Boolean.parseBoolean(arguments[1]);
        NodeAgent agent = NodeAgent.builder()
                .redis(arguments[0])
                .name("host")
                .metricsInterval(Duration.ofSeconds(1))
                .start();
        agent.recorder().userConnected("anna");
        agent.recorder().messagePublished();
        long start = System.nanoTime();
        while (agent.isPublished() != expected && System.nanoTime() - start < TIMEOUT_NANOS) {
            Thread.sleep(10);
        }
        System.out.println("published " + agent.isPublished() + ", recorded "
                + agent.totals().numMsgPublished());
        agent.drain();
        agent.close();
        System.out.println("the host ends in order");
    }
}
