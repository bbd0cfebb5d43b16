// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.agent;

import io.tacho.cli.program.GivenSettings;
import io.tacho.text.SettingErrors;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The settings that not all sources use, so that none is ignored silently. */
final class SourceScope {

    private static final List<String> SCRAPED = List.of("centrifugo", "prometheus");
    private static final List<String> PUSHED = List.of("push", "otlp");
    private static final List<String> RECEIVED = List.of("statsd", "push", "otlp");
    private static final List<String> OTHERS = List.of("another source");

    /** The sources that use a setting. */
    private static final Map<String, List<String>> USERS = Map.ofEntries(
            Map.entry("url", SCRAPED),
            Map.entry("source-user", SCRAPED),
            Map.entry("source-password-file", SCRAPED),
            Map.entry("source-token-file", SCRAPED),
            Map.entry("source-ca", SCRAPED),
            Map.entry("source-timeout", SCRAPED),
            Map.entry("source-api", List.of("centrifugo")),
            Map.entry("source-api-key-file", List.of("centrifugo")),
            Map.entry("refresh-listen", List.of("centrifugo")),
            Map.entry("refresh-url", List.of("centrifugo")),
            Map.entry("listen", RECEIVED),
            Map.entry("socket", List.of("statsd")),
            Map.entry("socket-mode", List.of("statsd")),
            Map.entry("mapping", List.of("prometheus", "statsd", "otlp")),
            Map.entry("push-key-file", PUSHED),
            Map.entry("allowed-host", PUSHED),
            Map.entry("stale-after", RECEIVED),
            Map.entry("pid", OTHERS),
            Map.entry("gone-after", OTHERS));

    /** Settings that have an effect only with another one. */
    private static final Map<String, String> NEEDED = Map.of(
            "socket-mode", "socket",
            "source-api-key-file", "source-api",
            "source-password-file", "source-user");

    private SourceScope() {}

    /** Records an error for each setting that was given although the source does not use it. */
    static void check(GivenSettings given, String source, SettingErrors errors) {
        USERS.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(setting -> {
            List<String> users = setting.getValue();
            boolean used = users == OTHERS ? !source.equals("self") : users.contains(source);
            if (!used) {
                given.rejectIneffective(
                        errors, setting.getKey(), "with source " + source, "with " + String.join(", ", users));
            } else if (NEEDED.containsKey(setting.getKey())) {
                requireNeeded(given, setting.getKey(), errors);
            }
        });
    }

    private static void requireNeeded(GivenSettings given, String setting, SettingErrors errors) {
        String needed = Objects.requireNonNull(NEEDED.get(setting));
        if (given.isMissing(needed)) {
            given.rejectIneffective(errors, setting, "without " + needed, "with " + needed);
        }
    }
}
