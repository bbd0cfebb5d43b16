// SPDX-License-Identifier: Apache-2.0
package io.tacho.spring;

import io.tacho.agent.NodeAgentBuilder;

/**
 * A bean of this type changes the agent before it starts, for example to set gauges:
 *
 * <pre>{@code
 * @Bean
 * NodeAgentCustomizer gauges(Hub hub) {
 *     return agent -> agent.users(hub::userIds).channels(hub::channelNames);
 * }
 * }</pre>
 */
@FunctionalInterface
public interface NodeAgentCustomizer {

    /** Changes the settings of the agent; called after those of the properties were applied. */
    void customize(NodeAgentBuilder agent);
}
