// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.aggregator;

import io.tacho.aggregator.AggregatorSettings;
import io.tacho.aggregator.AggregatorSettings.Insecure;
import io.tacho.aggregator.api.ApiKeys;
import io.tacho.aggregator.api.ApiSecret;
import io.tacho.aggregator.http.HttpSettings;
import io.tacho.aggregator.http.HttpTls;
import io.tacho.aggregator.http.routing.TrustedProxies;
import io.tacho.cli.program.ListenAddress;
import io.tacho.cli.program.Secret;
import io.tacho.text.SettingErrors;
import io.tacho.text.TextFiles;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of the HTTP server: addresses and access. */
final class HttpOptions {

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "Address of the HTTP server; port 0 takes a free port (default: 127.0.0.1:7022).")
    private String listen = AggregatorSettings.DEFAULT_LISTEN;

    @Option(
            names = "--api-secret",
            paramLabel = "SECRET",
            description = "The admin key: /api/ requires bodies signed with it, other paths accept it as X-API-Key"
                    + " (default: none, open on loopback). Set it by TACHO_API_SECRET or a file, not by this option.")
    private @Nullable Secret apiSecret;

    @Option(names = "--api-secret-file", paramLabel = "PATH", description = "File with the admin key.")
    private @Nullable Path apiSecretFile;

    @Option(
            names = "--read-keys-file",
            paramLabel = "PATH",
            description = "File with keys that may read, one per line; # begins a comment.")
    private @Nullable Path readKeysFile;

    @Option(
            names = "--insecure-api",
            split = ",",
            fallbackValue = "true",
            arity = "0..1",
            paramLabel = "true",
            description = "Open to all clients that can connect to loopback; given twice, on any address:"
                    + " --insecure-api --insecure-api, or TACHO_INSECURE_API=true,true (default: no).")
    private List<Boolean> insecureApi = new ArrayList<>();

    @Option(
            names = "--cors-origin",
            split = ",",
            paramLabel = "ORIGIN",
            description =
                    "Origins whose pages may read the responses, e.g. https://dash.example; * is any (default: none).")
    private List<String> corsOrigins = new ArrayList<>();

    @Option(
            names = "--allowed-host",
            split = ",",
            paramLabel = "NAME",
            description =
                    "Further host names by which requests may reach an aggregator without a key; *.example matches"
                            + " all below it (default: localhost and IP addresses).")
    private List<String> allowedHosts = new ArrayList<>();

    @Option(
            names = "--trusted-proxy",
            split = ",",
            paramLabel = "ADDRESS",
            description = "Proxies, or networks such as 10.0.0.0/8, whose X-Forwarded-For or Forwarded names the client"
                    + " (default: none).")
    private List<String> trustedProxies = new ArrayList<>();

    @Option(names = "--tls-cert", paramLabel = "PATH", description = "Serve HTTPS with this certificate, PEM.")
    private @Nullable Path tlsCert;

    @Option(
            names = "--tls-key",
            paramLabel = "PATH",
            description = "The certificate's private key, PEM, PKCS#8, not encrypted.")
    private @Nullable Path tlsKey;

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            description = "HTTP connections above this number are closed immediately (default: 10000).")
    private int maxConnections = AggregatorSettings.DEFAULT_MAX_CONNECTIONS;

    /**
     * Returns the HTTP settings that the options describe.
     *
     * @throws IllegalArgumentException naming all invalid settings, one per line
     */
    HttpSettings settings() {
        SettingErrors errors = new SettingErrors();
        InetSocketAddress address = errors.valueOr(
                () -> ListenAddress.parse(listen), ListenAddress.parse(AggregatorSettings.DEFAULT_LISTEN));
        ApiKeys keys = errors.valueOr(this::keys, ApiKeys.NONE);
        TrustedProxies proxies = errors.valueOr(() -> TrustedProxies.of(trustedProxies), TrustedProxies.NONE);
        Optional<HttpTls> tls = errors.valueOr(() -> Optional.ofNullable(tls()), Optional.empty());
        HttpSettings settings = errors.valueOr(
                () -> new HttpSettings(
                        address, maxConnections, keys, corsOrigins, allowedHosts, proxies, tls.orElse(null)),
                HttpSettings.of(address, AggregatorSettings.DEFAULT_MAX_CONNECTIONS, null));
        errors.throwIfAny();
        return settings;
    }

    Insecure insecure() {
        return switch ((int) insecureApi.stream().filter(given -> given).count()) {
            case 0 -> Insecure.NOT_ALLOWED;
            case 1 -> Insecure.ON_LOOPBACK;
            default -> Insecure.ANYWHERE;
        };
    }

    /**
     * Returns the keys that may be used; reads their files.
     *
     * @throws IllegalArgumentException naming the invalid setting
     */
    ApiKeys keys() {
        return new ApiKeys(secret(), readKeys());
    }

    private @Nullable ApiSecret secret() {
        if (apiSecretFile == null) {
            return apiSecret == null ? null : new ApiSecret(apiSecret.value());
        }
        if (apiSecret != null) {
            throw new IllegalArgumentException(
                    "api-secret-file: given together with api-secret (expected: one of them)");
        }
        List<String> keys = keys("api-secret-file", apiSecretFile);
        if (keys.size() != 1) {
            throw new IllegalArgumentException(
                    "api-secret-file: " + keys.size() + " keys in " + apiSecretFile + " (expected: 1)");
        }
        return new ApiSecret(keys.get(0));
    }

    private List<ApiSecret> readKeys() {
        if (readKeysFile == null) {
            return List.of();
        }
        List<String> keys = keys("read-keys-file", readKeysFile);
        if (keys.isEmpty()) {
            throw new IllegalArgumentException(
                    "read-keys-file: no key in " + readKeysFile + " (expected: at least 1, one a line)");
        }
        return keys.stream().map(ApiSecret::new).toList();
    }

    private static List<String> keys(String setting, Path file) {
        try {
            return TextFiles.read(file)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    setting + ": cannot read " + file + ", " + TextFiles.cause(e) + " (expected: a readable text file)",
                    e);
        }
    }

    private @Nullable HttpTls tls() {
        if (tlsCert == null && tlsKey == null) {
            return null;
        }
        if (tlsCert == null || tlsKey == null) {
            throw new IllegalArgumentException(
                    tlsCert == null
                            ? "tls-key: given without tls-cert (expected: both or none)"
                            : "tls-cert: given without tls-key (expected: both or none)");
        }
        return new HttpTls(tlsCert, tlsKey);
    }
}
