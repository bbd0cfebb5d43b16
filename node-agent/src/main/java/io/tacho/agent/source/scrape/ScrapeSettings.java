// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.scrape;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.agent.source.SourceTimeouts;
import io.tacho.text.SettingErrors;
import io.tacho.text.Urls;
import io.tacho.units.Durations;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a source that scrapes metrics.
 *
 * @param url of the metrics; without a path, {@code /metrics}
 * @param user for basic authentication; null without
 * @param password returns the present password of that user, for each request; it may read a file
 * @param token returns the present token for bearer authentication, for each request; null without
 * @param trust the CAs to trust under TLS; null for Java's trust store
 * @param timeout for a whole response; the first one has more time
 * @param goneAfter the time without a response after which the node is lost
 */
public record ScrapeSettings(
        URI url,
        @Nullable String user,
        @Nullable Supplier<String> password,
        @Nullable Supplier<String> token,
        @Nullable SSLContext trust,
        Duration timeout,
        Duration goneAfter) {

    private static final Pattern WITH_UNDERSCORES = Pattern.compile("([A-Za-z0-9_.-]+)(?::(\\d{1,5}))?");

    private static final Set<String> LOOPBACK = Set.of("localhost", "[::1]", "::1");

    /** @throws IllegalArgumentException with one line per invalid setting: its name, the found and the expected value */
    public ScrapeSettings {
        SettingErrors errors = new SettingErrors();
        URI given = url;
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        boolean isHttp = errors.require(
                host(url) != null && (scheme.equals("http") || scheme.equals("https")),
                () -> "url: '" + Urls.masked(given) + "' (expected: http[s]://host[:port]/metrics)");
        if (isHttp && url.getRawPath().isEmpty()) {
            url = url.resolve("/metrics");
        }
        errors.require(
                !isHttp || !scheme.equals("https") || url.getHost() != null,
                () -> "url: host '" + host(given)
                        + "' under https (expected: a name without underscores, as certificates require)");
        errors.require(
                url.getUserInfo() == null,
                () -> "url: with a user or password in it (expected: source-user, and the "
                        + "password in TACHO_SOURCE_PASSWORD or a file)");
        errors.require(
                user == null || token == null, () -> "source-user: set together with a token (expected: one of them)");
        errors.require(
                (user == null) == (password == null),
                () -> "source-user: " + (user == null ? "missing beside its password" : "set without its password")
                        + " (expected: both or none)");
        errors.require(
                !timeout.isNegative() && !timeout.isZero(),
                () -> "source-timeout: " + Durations.format(timeout) + " (expected: > 0)");
        SourceTimeouts.check(errors, "gone-after", goneAfter);
        errors.throwIfAny();
    }

    boolean hasCredentials() {
        return token != null || password != null;
    }

    /** Returns the value of the Authorization header of the next request; null without. May read a file. */
    @Nullable
    String authorization() {
        if (token != null) {
            return "Bearer " + token.get();
        }
        return password == null
                ? null
                : "Basic " + Base64.getEncoder().encodeToString((user + ":" + password.get()).getBytes(UTF_8));
    }

    /** Returns the host of the URL, which may have underscores, as names of services in Compose and Swarm do. */
    public String host() {
        return Objects.requireNonNull(host(url));
    }

    private static @Nullable String host(URI url) {
        return url.getHost() == null ? authority(url).host() : url.getHost();
    }

    private record Authority(@Nullable String host, int port) {}

    /** Returns what {@link URI} does not parse: an authority whose host has underscores. */
    private static Authority authority(URI url) {
        String text = url.getRawAuthority();
        Matcher authority = text == null ? null : WITH_UNDERSCORES.matcher(text);
        return authority == null || !authority.matches()
                ? new Authority(null, -1)
                : new Authority(
                        authority.group(1), authority.group(2) == null ? -1 : Integer.parseInt(authority.group(2)));
    }

    /** Returns whether the URL is of this host. */
    public boolean isLocal() {
        String host = host().toLowerCase(Locale.ROOT);
        return LOOPBACK.contains(host) || host.matches("127(\\.\\d{1,3}){3}");
    }

    /** Returns the port of the URL, its scheme's where it has none. */
    public int port() {
        int port = url.getHost() == null ? authority(url).port() : url.getPort();
        if (port > 0) {
            return port;
        }
        return url.getScheme().equalsIgnoreCase("https") ? 443 : 80;
    }

    /** Nothing of this shows secrets. */
    @Override
    public String toString() {
        return Urls.masked(url);
    }
}
