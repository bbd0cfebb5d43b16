// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class DashboardTest {

    private static final Path SOURCES = Path.of("src/main/resources/io/tacho/aggregator/dashboard");

    private final Dashboard dashboard = Dashboard.load();

    private String text(String name) {
        return new String(
                dashboard.file(dashboard.version(), name).orElseThrow().body(), UTF_8);
    }

    private static List<String> found(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    @Test
    void load_onAnExecutor_isTheSameDashboard() {
        List<Runnable> tasks = new ArrayList<>();
        CompletableFuture<Dashboard> loading = Dashboard.load(tasks::add);
        assertThat(loading).isNotDone();

        tasks.forEach(Runnable::run);

        assertThat(loading.join().version()).isEqualTo(dashboard.version());
    }

    @Test
    void files_matchTheSourceDirectory() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> file.getFileName().toString())
                            .filter(name -> !name.equals("index.html")))
                    .containsExactlyInAnyOrderElementsOf(Dashboard.FILES);
        }
    }

    @Test
    void page_referencesOnlyFilesOfItsVersion() {
        String page = new String(dashboard.page().body(), UTF_8);

        assertThat(page).doesNotContain("{{").doesNotContain("http:").doesNotContain("https:");
        assertThat(found("assets/([0-9a-f]{16})/", page)).isNotEmpty().containsOnly(dashboard.version());
        assertThat(found("assets/[0-9a-f]{16}/([\\w.-]+)", page))
                .allSatisfy(name -> assertThat(dashboard.file(dashboard.version(), name))
                        .as(name)
                        .isPresent());
    }

    @Test
    void page_hasNoInlineScriptsOrStyles() {
        String page = new String(dashboard.page().body(), UTF_8);

        assertThat(page).doesNotContain("<style").doesNotContain("style=").doesNotContainPattern("\\son\\w+=");
        assertThat(found("(<script[^>]*>)", page))
                .allSatisfy(script -> assertThat(script).contains("src="));
    }

    @Test
    void modules_importExistingFiles_andDoNotSetHtml() {
        for (String name : Dashboard.FILES) {
            if (name.endsWith(".js")) {
                assertThat(found("from '\\./([^']+)'", text(name))).as(name).isSubsetOf(Dashboard.FILES);
                assertThat(text(name)).as(name).doesNotContain("innerHTML").doesNotContain("insertAdjacentHTML");
            }
        }
    }

    @Test
    void file_ofAnotherVersion_isNotFound() {
        assertThat(dashboard.file("0123456789abcdef", "main.js")).isEmpty();
        assertThat(dashboard.file(dashboard.version(), "../index.html")).isEmpty();
    }

    @Test
    void compressedFile_hasTheSameContent() throws IOException {
        DashboardFile chart =
                dashboard.file(dashboard.version(), "uPlot.iife.min.js").orElseThrow();

        assertThat(chart.contentType()).isEqualTo("text/javascript; charset=utf-8");
        try (GZIPInputStream unzipped = new GZIPInputStream(new ByteArrayInputStream(chart.compressed()))) {
            assertThat(unzipped.readAllBytes()).isEqualTo(chart.body());
        }
    }

    /** Package.json, which audits read, and the notice have the version of the files. */
    @Test
    void uPlot_hasOneVersion() throws IOException {
        String version = found("\"uplot\": \"([0-9.]+)\"", Files.readString(SOURCES.resolve("uplot/package.json")))
                .get(0);

        assertThat(text("uPlot.iife.min.js")).startsWith("/*! https://github.com/leeoniya/uPlot (v" + version + ") */");
        assertThat(Path.of("src/main/resources/META-INF/NOTICE")).content().contains("uPlot " + version + " ");
    }

    /** 100 KB is the budget of the page, of which uPlot takes 23. */
    @Test
    void page_compressed_isAtMost100KB() {
        int bytes = dashboard.page().compressed().length
                + Stream.concat(Dashboard.FILES.stream(), Dashboard.UPLOT_FILES.stream())
                        .mapToInt(name -> dashboard
                                .file(dashboard.version(), name)
                                .orElseThrow()
                                .compressed()
                                .length)
                        .sum();

        assertThat(bytes).isLessThan(100_000);
    }
}
