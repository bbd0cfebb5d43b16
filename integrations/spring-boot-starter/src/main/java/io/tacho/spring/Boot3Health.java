// SPDX-License-Identifier: Apache-2.0
package io.tacho.spring;

import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;

/** The health of the agent for Spring Boot 3: {@code UNKNOWN} while the node is not visible, which keeps the application up. */
final class Boot3Health implements HealthIndicator {

    private final TachoAgent agent;

    Boot3Health(TachoAgent agent) {
        this.agent = agent;
    }

    @Override
    public Health health() {
        return Health.status(agent.isPublished() ? Status.UP : Status.UNKNOWN)
                .withDetail("uid", String.valueOf(agent.uid()))
                .build();
    }
}
