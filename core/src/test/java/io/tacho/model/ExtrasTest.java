// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExtrasTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "num_subs",
                "disconnects{code=\"3008\"}",
                "clients{name=\"js\",version=\"5.2.0\"}",
                "x{a=\"ü {}, =\"}",
                "x{a=\"\"}"
            })
    void requireName_validName_isAccepted(String name) {
        assertThat(Extras.requireName(name)).isEqualTo(name);
        assertThat(Extras.requireName(new String(name))).as("canonical name").isSameAs(Extras.requireName(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Num",
                "1x",
                "a-b",
                "jobs_total",
                "jobs_bucket{a=\"1\"}",
                "x{}",
                "x{a=1}",
                "x{a=\"1\",}",
                "x{a=\"1\",a=\"2\"}",
                "x{b=\"1\",a=\"2\"}",
                "x{a=\"1\",b=\"1\",c=\"1\",d=\"1\",e=\"1\"}",
                "x{node=\"1\"}",
                "x{__a=\"1\"}",
                "x{quantile=\"0.5\"}",
                "x{a=\"\\n\"}"
            })
    void requireName_invalidName_isRejected(String name) {
        assertThatThrownBy(() -> Extras.requireName(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("extras: ");
    }

    @Test
    void labels_areParsedFromName() {
        assertThat(Extras.family("clients{name=\"js\",version=\"5\"}")).isEqualTo("clients");
        assertThat(Extras.labels("clients{name=\"js\",version=\"5\"}")).isEqualTo(Map.of("name", "js", "version", "5"));
        assertThat(Extras.labels("num_subs")).isEmpty();
    }

    @Test
    void with_duplicateNames_newValuesTakePrecedence() {
        Extras a = new Extras(Map.of("x", Extra.gauge(1), "y", Extra.gauge(2)));
        Extras b = new Extras(Map.of("y", Extra.gauge(3), "z", Extra.gauge(4)));

        assertThat(a.with(b).byName()).isEqualTo(Map.of("x", Extra.gauge(1), "y", Extra.gauge(3), "z", Extra.gauge(4)));
    }

    @Test
    void counter_isClampedToFieldBounds() {
        assertThat(Extra.counter(Long.MAX_VALUE, -1)).isEqualTo(Extra.counter(Checks.MAX_VALUE, 0));
    }
}
