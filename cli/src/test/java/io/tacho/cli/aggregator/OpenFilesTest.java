// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.testing.CapturedLog;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Isolated("reads the log")
class OpenFilesTest {

    @ParameterizedTest
    @CsvSource({
        "1024, 10000, true",
        "10099, 10000, true",
        "10100, 10000, false",
        "1048576, 10000, false",
        "-1, 10, false"
    })
    void limitTooLow_isLoggedAtStartup(long limit, int maxConnections, boolean low) {
        try (CapturedLog log = CapturedLog.of(OpenFiles.class)) {
            OpenFiles.check(limit, maxConnections);

            assertThat(log.warnings()
                            .contains("open files are limited to " + limit + ", too few for max-connections "
                                    + maxConnections
                                    + " and 100 others"))
                    .isEqualTo(low);
        }
    }
}
