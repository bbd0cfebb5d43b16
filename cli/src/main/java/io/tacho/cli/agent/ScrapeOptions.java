// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.agent;

import io.tacho.agent.publish.PublishSettings;
import io.tacho.agent.source.scrape.ScrapeSettings;
import io.tacho.cli.program.RenewedSecret;
import io.tacho.cli.program.SecretFile;
import io.tacho.text.SettingErrors;
import io.tacho.tls.TrustStore;
import io.tacho.units.Durations;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options of sources that scrape metrics. */
final class ScrapeOptions {

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(2);

    /** Stands for an invalid URL while the other settings are checked. */
    private static final URI ANY_URL = URI.create("http://localhost/metrics");

    @Option(names = "--url", paramLabel = "URL", description = "The metrics, e.g. http://127.0.0.1:8000/metrics.")
    private @Nullable String url;

    @Option(
            names = "--source-user",
            paramLabel = "NAME",
            description = "User there; the password comes from TACHO_SOURCE_PASSWORD or a file.")
    private @Nullable String user;

    @Option(
            names = "--source-password-file",
            paramLabel = "PATH",
            description = "File with the password; or TACHO_SOURCE_PASSWORD in the environment.")
    private @Nullable SecretFile passwordFile;

    @Option(
            names = "--source-token-file",
            paramLabel = "PATH",
            description = "File with a bearer token; or TACHO_SOURCE_TOKEN in the environment.")
    private @Nullable SecretFile tokenFile;

    @Option(
            names = "--source-ca",
            paramLabel = "PATH",
            description = "Certificates of the CAs to trust under https, PEM (default: Java's).")
    private @Nullable Path ca;

    @Option(
            names = "--source-timeout",
            paramLabel = "DURATION",
            description = "For a whole response (default: 2s, or half a publish interval if that is shorter).")
    private @Nullable Duration timeout;

    /**
     * Returns the settings.
     *
     * @param command whose secrets are read
     * @param expected whose URL is required
     * @throws IllegalArgumentException naming the invalid setting
     */
    ScrapeSettings settings(
            @Nullable CommandSpec command, PublishSettings publish, Duration goneAfter, String expected) {
        SettingErrors errors = new SettingErrors();
        String given = url;
        errors.require(given != null, () -> "url: missing (expected: that " + expected + ")");
        URI metrics = given == null ? ANY_URL : errors.valueOr(() -> uri("url", given), ANY_URL);
        Optional<Supplier<String>> password = secret(errors, command, "source-password", passwordFile);
        Optional<Supplier<String>> token = secret(errors, command, "source-token", tokenFile);
        Path trusted = ca;
        Optional<SSLContext> trust = trusted == null
                ? Optional.empty()
                : errors.valueOr(() -> Optional.of(TrustStore.context("source-ca", trusted)), Optional.empty());
        Duration limit = timeout(publish);
        Optional<ScrapeSettings> settings = errors.valueOr(
                () -> Optional.of(new ScrapeSettings(
                        metrics,
                        user,
                        password.orElse(null),
                        token.orElse(null),
                        trust.orElse(null),
                        limit,
                        goneAfter)),
                Optional.empty());
        errors.require(
                limit.compareTo(publish.publishInterval()) <= 0,
                () -> "source-timeout: " + Durations.format(limit) + " (expected: at most the publish interval, "
                        + Durations.format(publish.publishInterval()) + ")");
        errors.throwIfAny();
        return settings.orElseThrow();
    }

    private static Optional<Supplier<String>> secret(
            SettingErrors errors, @Nullable CommandSpec command, String name, @Nullable SecretFile file) {
        return errors.valueOr(() -> Optional.ofNullable(RenewedSecret.of(command, name, file)), Optional.empty());
    }

    /** Returns a URL; a malformed one is not shown, because it may contain a password. */
    static URI uri(String setting, String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException e) {
            // its message may show a password
            throw new IllegalArgumentException(setting + ": malformed (expected: http[s]://host[:port]/path)", e);
        }
    }

    /** {@return the effective timeout of a response} */
    Duration timeout(PublishSettings publish) {
        Duration half = publish.publishInterval().dividedBy(2);
        return timeout == null ? (half.compareTo(DEFAULT_TIMEOUT) < 0 ? half : DEFAULT_TIMEOUT) : timeout;
    }
}
