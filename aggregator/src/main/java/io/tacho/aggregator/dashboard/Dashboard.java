// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The page and the files it loads, read from the jar once. The page names its files below {@code assets/<version>/}, where
 * the version is a hash of all of them: what is there never changes and may be kept for ever.
 *
 * <p>Thread safety: safe, immutable.
 */
public final class Dashboard {

    static final List<String> FILES = List.of(
            "address.js",
            "alerts.js",
            "charts.js",
            "cluster.js",
            "columns.js",
            "dom.js",
            "feed.js",
            "fields.js",
            "filter.js",
            "format.js",
            "icon.svg",
            "key.js",
            "layout.js",
            "main.js",
            "node-page.js",
            "past.js",
            "series.js",
            "style.css",
            "table.js",
            "theme.js",
            "tiles.js",
            "timeline.js");

    /** With the version that the build file has. */
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";

    private static final List<String> UPLOT_FILES = List.of("uPlot.iife.min.js", "uPlot.min.css");

    private final Map<String, DashboardFile> files;
    private final String version;
    private final DashboardFile page;

    private Dashboard(Map<String, DashboardFile> files, String version, DashboardFile page) {
        this.files = Collections.unmodifiableMap(files);
        this.version = version;
        this.page = page;
    }

    /** Reads the files from where this class comes from. */
    public static Dashboard load() {
        Map<String, DashboardFile> files = new LinkedHashMap<>();
        FILES.forEach(name -> files.put(name, DashboardFile.of(name, read(name))));
        UPLOT_FILES.forEach(name -> files.put(name, DashboardFile.of(name, read(UPLOT + name))));
        String template = new String(read("index.html"), UTF_8);
        String version = version(template, files);
        String page = template.replace("{{assets}}", "assets/" + version);
        return new Dashboard(files, version, DashboardFile.of("index.html", page.getBytes(UTF_8)));
    }

    private static byte[] read(String name) {
        try (InputStream resource = Dashboard.class.getResourceAsStream(name)) {
            if (resource == null) {
                throw new IllegalStateException("no resource " + name + " (expected: a jar that was built whole)");
            }
            return resource.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String version(String template, Map<String, DashboardFile> files) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(template.getBytes(UTF_8));
            files.forEach((name, file) -> {
                digest.update(name.getBytes(UTF_8));
                digest.update(file.body());
            });
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            // every JVM has it
            throw new IllegalStateException(e);
        }
    }

    /** The page itself. */
    public DashboardFile page() {
        return page;
    }

    /** Changes with any of the files. */
    public String version() {
        return version;
    }

    /** A file that the page loads; empty for another version's. */
    public Optional<DashboardFile> file(String wantedVersion, String name) {
        return wantedVersion.equals(version) ? Optional.ofNullable(files.get(name)) : Optional.empty();
    }
}
