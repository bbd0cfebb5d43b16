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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * The dashboard page and its assets, read once from the jar. The page refers to assets below {@code assets/<version>/}, where the
 * version is a hash of all of them, so that an asset never changes and clients may cache it forever.
 *
 * <p>Thread safety: safe, immutable.
 */
public final class Dashboard {

    static final List<String> FILES = List.of(
            "address.js",
            "alert-list.js",
            "charts.js",
            "cluster.js",
            "colours.js",
            "columns.js",
            "comparison.js",
            "controls.js",
            "dom.js",
            "exporting.js",
            "extra-chart.js",
            "extras.js",
            "facts.js",
            "feed.js",
            "fields.js",
            "filter.js",
            "format.js",
            "group-chart.js",
            "groups.js",
            "help.js",
            "icon-bad.svg",
            "icon-warn.svg",
            "icon.svg",
            "key.js",
            "layout.js",
            "main.js",
            "markers.js",
            "merge.js",
            "node-map.js",
            "node-page.js",
            "outliers.js",
            "past.js",
            "requests.js",
            "series.js",
            "shared-feed.js",
            "sharing.js",
            "silences.js",
            "start-page.js",
            "status.js",
            "style.css",
            "table.js",
            "theme.js",
            "time-view.js",
            "timeline.js",
            "verdict.js",
            "warnings.js");

    /** From the npm package uplot, unchanged. */
    static final List<String> UPLOT_FILES = List.of("uPlot.iife.min.js", "uPlot.min.css");

    private final Map<String, DashboardFile> files;
    private final String version;
    private final DashboardFile page;

    private Dashboard(Map<String, DashboardFile> files, String version, DashboardFile page) {
        this.files = Collections.unmodifiableMap(files);
        this.version = version;
        this.page = page;
    }

    /** Reads the files as {@link #load()} does, on another thread: a start would wait for their compression. */
    public static CompletableFuture<Dashboard> load(Executor executor) {
        return CompletableFuture.supplyAsync(Dashboard::load, executor);
    }

    /** Reads the files from the resources of this class. */
    public static Dashboard load() {
        Map<String, DashboardFile> files = new LinkedHashMap<>();
        FILES.forEach(name -> files.put(name, DashboardFile.of(name, read(name))));
        UPLOT_FILES.forEach(name -> files.put(name, DashboardFile.of(name, read("uplot/" + name))));
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

    /** {@return the page} */
    public DashboardFile page() {
        return page;
    }

    /** {@return the version, which changes with any file} */
    public String version() {
        return version;
    }

    /** Returns an asset of the page; empty for assets of another version. */
    public Optional<DashboardFile> file(String wantedVersion, String name) {
        return wantedVersion.equals(version) ? Optional.ofNullable(files.get(name)) : Optional.empty();
    }
}
