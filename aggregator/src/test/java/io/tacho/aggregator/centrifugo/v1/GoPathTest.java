// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.centrifugo.v1;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoPathTest {

    @ParameterizedTest
    @CsvSource({
        "/, /",
        "'', /",
        "//, /",
        "/api, /api",
        "/api/, /api/",
        "api/, /api/",
        "//api//, /api/",
        "/./api/., /api",
        "/api/./, /api/",
        "/a/../api, /api",
        "/../../api, /api",
        "/a/b/../../.., /",
        "/a/b/..//, /a/",
        "/..., /...",
        "/a/..b, /a/..b"
    })
    void path_isCleanedLikeGo(String path, String clean) {
        assertThat(GoPath.clean(path)).isEqualTo(clean);
    }

    @ParameterizedTest
    @CsvSource({"/a/../api/", "/a//b/./c/", "x/y/..", "/../"})
    void cleanPath_isUnchanged(String path) {
        String clean = GoPath.clean(path);

        assertThat(GoPath.clean(clean)).isEqualTo(clean);
    }

    @Test
    void manyParts_areCleaned() {
        assertThat(GoPath.clean("/a/..".repeat(50_000) + "/api/")).isEqualTo("/api/");
    }
}
