// SPDX-License-Identifier: Apache-2.0
package io.tacho.spring;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/** The health of the agent for Spring Boot 4: {@code UNKNOWN} while the node is not visible, which keeps the application up. */
final class Boot4Health implements HealthIndicator {

    private final TachoAgent agent;

    Boot4Health(TachoAgent agent) {
        this.agent = agent;
    }

    @Override
    public Health health() {
        return Health.status(agent.isPublished() ? Status.UP : Status.UNKNOWN)
                .withDetail("uid", String.valueOf(agent.uid()))
                .build();
    }
}
