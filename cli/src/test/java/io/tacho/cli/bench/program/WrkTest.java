// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.cli.bench.program.Wrk.Load;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WrkTest {

    @Test
    void parse_scriptOutput() throws IOException {
        Load load =
                Load.parse("Running 2s test @ http://127.0.0.1:1/stats\n\nRESULT 1000 5000000 2000000 310 1250 3\n");

        assertThat(load).isEqualTo(new Load(1_000, 5_000_000, 2, 0.31, 1.25, 3));
        assertThat(load.perSecond()).isEqualTo(500);
    }

    @Test
    void parse_withoutResult_errorHasTheOutput() {
        assertThatThrownBy(() -> Load.parse("unable to connect to 127.0.0.1:1 Connection refused\n"))
                .hasMessage("wrk did not finish: unable to connect to 127.0.0.1:1 Connection refused");
    }

    @Test
    void post_scriptHasTheBodyAndTheHeaders() {
        Wrk.Request request = new Wrk.Request("http://127.0.0.1:1/api/info", "{}", Map.of("X-API-Key", "secret"));

        assertThat(request.script()).isEqualTo("""
                wrk.method = "POST"
                wrk.body = [[{}]]
                wrk.headers["X-API-Key"] = [[secret]]
                """);
    }
}
