// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.store.NodeCommand;
import io.tacho.store.NodeCommand.Action;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DrainStateTest {

    private static final NodeCommand DRAIN = new NodeCommand(Action.DRAIN, "1");
    private static final NodeCommand UNDRAIN = new NodeCommand(Action.UNDRAIN, "2");

    private final DrainState state = new DrainState();
    private final List<Boolean> notified = new ArrayList<>();

    DrainStateTest() {
        state.notifies(notified::add);
    }

    @Test
    void initially_notDraining() {
        assertThat(state.isDraining("a")).isFalse();
        assertThat(state.isDraining(null)).isFalse();
        assertThat(state.acknowledged("a")).isNull();
        assertThat(state.acknowledged(null)).isNull();
    }

    @Test
    void command_isAppliedOnce() {
        assertThat(state.apply("a", DRAIN)).isTrue();
        assertThat(state.apply("a", DRAIN)).isFalse();

        assertThat(state.isDraining("a")).isTrue();
        assertThat(state.acknowledged("a")).isEqualTo("1");
        assertThat(notified).containsExactly(true);
    }

    @Test
    void undrainCommand_endsDrain() {
        state.apply("a", DRAIN);
        state.apply("a", UNDRAIN);

        assertThat(state.isDraining("a")).isFalse();
        assertThat(state.acknowledged("a")).isEqualTo("2");
        assertThat(notified).containsExactly(true, false);
    }

    @Test
    void redundantCommand_isAcknowledged_withoutNotification() {
        assertThat(state.apply("a", UNDRAIN)).isTrue();
        state.apply("a", DRAIN);
        assertThat(state.apply("a", new NodeCommand(Action.DRAIN, "3"))).isTrue();

        assertThat(state.acknowledged("a")).isEqualTo("3");
        assertThat(notified).containsExactly(true);
    }

    @Test
    void command_appliesToOneNodeOnly() {
        state.apply("a", DRAIN);

        assertThat(state.isDraining("b")).isFalse();
        assertThat(state.acknowledged("b")).isNull();
    }

    @Test
    void announcedDrain_cannotBeReverted() {
        state.announce();
        state.apply("a", UNDRAIN);
        state.apply("b", DRAIN);

        assertThat(state.isDraining("a")).isTrue();
        assertThat(state.isDraining("b")).isTrue();
        assertThat(state.isDraining(null)).isTrue();
        assertThat(notified).as("commands change nothing").isEmpty();
    }
}
