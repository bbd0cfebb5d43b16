// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.cli.program.GivenSettings;
import io.tacho.cli.program.Program;
import io.tacho.text.SettingErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class SourceScopeTest {

    private static final List<String> SOURCES = List.of("self", "centrifugo", "prometheus", "statsd", "push", "otlp");

    @Command(name = "sample")
    private static final class Sample implements Runnable {

        @Mixin
        private final SourceOptions source = new SourceOptions();

        @Override
        public void run() {}
    }

    private static List<String> errors(Map<String, String> environment, String source, String... arguments) {
        CommandLine line = Program.commandLine(new Sample(), environment);
        line.parseArgs(arguments);
        SettingErrors errors = new SettingErrors();
        SourceScope.check(new GivenSettings(line.getCommandSpec()), source, errors);
        try {
            errors.throwIfAny();
            return List.of();
        } catch (IllegalArgumentException e) {
            return e.getMessage().lines().toList();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--url=http://h/m,         centrifugo prometheus",
        "--source-user=u,          centrifugo prometheus",
        "--source-token-file=f,    centrifugo prometheus",
        "--source-ca=f,            centrifugo prometheus",
        "--source-timeout=1s,      centrifugo prometheus",
        "--source-api=http://h,    centrifugo",
        "--refresh-listen=h:1,     centrifugo",
        "--refresh-url=http://h,   centrifugo",
        "--listen=h:1,             statsd push otlp",
        "--socket=s,               statsd",
        "--mapping=m,              prometheus statsd otlp",
        "--push-key-file=f,        push otlp",
        "--allowed-host=h,         push otlp",
        "--stale-after=1m,         statsd push otlp",
        "--pid=1,                  centrifugo prometheus statsd push otlp",
        "--gone-after=1m,          centrifugo prometheus statsd push otlp",
    })
    void setting_isRejectedWithSourcesThatDoNotUseIt(String argument, String users) {
        List<String> allowed = new ArrayList<>();
        for (String source : SOURCES) {
            List<String> errors = errors(Map.of(), source, argument);
            if (errors.isEmpty()) {
                allowed.add(source);
            } else {
                String setting = argument.substring(2, argument.indexOf('='));
                assertThat(errors)
                        .singleElement()
                        .asString()
                        .startsWith(setting + ": given with source " + source + " (expected: with ");
            }
        }
        assertThat(allowed).containsExactly(users.split(" "));
    }

    @Test
    void error_listsTheSourcesThatUseTheSetting() {
        assertThat(errors(Map.of(), "push", "--url=http://h/m", "--socket=s"))
                .containsExactly(
                        "socket: given with source push (expected: with statsd)",
                        "url: given with source push (expected: with centrifugo, prometheus)");
        assertThat(errors(Map.of(), "self", "--pid=1"))
                .containsExactly("pid: given with source self (expected: with another source)");
    }

    @ParameterizedTest
    @CsvSource({
        "statsd,     --socket-mode=0777,        --socket=s,              socket",
        "centrifugo, --source-api-key-file=f,   --source-api=http://h,   source-api",
        "prometheus, --source-password-file=f,  --source-user=u,         source-user",
    })
    void setting_thatNeedsAnother_isRejectedWithoutIt(String source, String argument, String other, String needed) {
        String setting = argument.substring(2, argument.indexOf('='));

        assertThat(errors(Map.of(), source, argument))
                .containsExactly(setting + ": given without " + needed + " (expected: with " + needed + ")");
        assertThat(errors(Map.of(), source, argument, other)).isEmpty();
    }

    @Test
    void setting_ofTheEnvironment_forAnotherSource_isIgnored() {
        assertThat(errors(Map.of("TACHO_URL", "http://h/m", "TACHO_SOCKET_MODE", "0777"), "push"))
                .isEmpty();
        assertThat(errors(Map.of("TACHO_SOCKET", "s"), "statsd", "--socket-mode=0777"))
                .as("the other setting may come from the environment")
                .isEmpty();
    }
}
