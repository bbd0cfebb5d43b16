// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.client;

import io.tacho.cli.program.Secret;
import io.tacho.text.TextFiles;
import io.tacho.text.Urls;
import io.tacho.tls.TrustStore;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of clients: the URL of the aggregator and the key. */
public final class ClientOptions {

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Where the aggregator is (default: http://127.0.0.1:7022).")
    private String url = "http://127.0.0.1:7022";

    @Option(
            names = "--api-key",
            paramLabel = "KEY",
            description =
                    "The aggregator's key, if it requires one (default: none). Set it by TACHO_API_KEY, not by this option.")
    private @Nullable Secret key;

    @Option(names = "--api-key-file", paramLabel = "PATH", description = "A file that holds the key (default: none).")
    private @Nullable Path keyFile;

    @Option(
            names = "--ca",
            paramLabel = "PATH",
            description = "Certificates of the CAs to trust under HTTPS, PEM (default: Java's).")
    private @Nullable Path ca;

    /**
     * Returns a client of the aggregator.
     *
     * @throws IllegalArgumentException naming the invalid setting
     */
    public ApiClient client() {
        return new ApiClient(
                checkedUrl(),
                keyFile == null
                        ? (key == null ? null : oneLine("api-key", key.value()))
                        : oneLine("api-key-file", read(keyFile)),
                ca == null ? null : TrustStore.context("ca", ca).getSocketFactory());
    }

    private URI checkedUrl() {
        try {
            URI uri = new URI(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
            if (uri.getHost() != null
                    && uri.getRawQuery() == null
                    && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // reported below
        }
        throw new IllegalArgumentException("url: '" + Urls.masked(url)
                + "' (expected: http://host:port or https://host:port, with or without a path)");
    }

    /** A key is the value of a header; the error does not show it. */
    private static String oneLine(String setting, String key) {
        if (key.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    setting + ": " + key.lines().count() + " lines, or control characters (expected: one key)");
        }
        return key;
    }

    private static String read(Path file) {
        try {
            return TextFiles.read(file).trim();
        } catch (IOException e) {
            throw new IllegalArgumentException("api-key-file: " + file + " (expected: a file that can be read)", e);
        }
    }
}
