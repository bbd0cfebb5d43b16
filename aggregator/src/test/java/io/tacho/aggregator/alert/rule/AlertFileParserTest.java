// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlertFileParserTest {

    private static final Path FILE = Path.of("alerts.conf");

    private static AlertConfig parse(String... lines) {
        return AlertFileParser.parse(FILE, String.join("\n", lines));
    }

    private static void assertError(String line, String error) {
        assertThatThrownBy(() -> parse("rule first lost", line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("alerts: alerts.conf: line 2: " + error);
    }

    @Test
    void lines_joined_areAnEquivalentFile() {
        AlertConfig rules = parse(
                "# receiver",
                "webhook   https://hooks.example:8443/T000/secret   # not shown",
                "",
                "rule node-lost   lost",
                "rule chat-lost   lost node=chat_*",
                "rule too-few     nodes < 3 for 30s",
                "rule api-slow    time_api_max>500ms for 3 windows",
                "rule all-clients cluster num_clients >= 10k for 2 windows",
                "rule p99         cluster time_client_p99 > 1.5s",
                "rule memory      memory_sys > 1GiB node=chat_1?",
                "rule silent      age > 30s",
                "rule not-receiving        stale > 1m",
                "silence api-slow node=chat_1* until 2026-12-01T00:00Z",
                "silence * from 2026-11-30T22:00+01:00 until 2026-12-01T00:00Z");

        assertThat(rules.toLines())
                .containsExactly(
                        "webhook https://hooks.example:8443/***",
                        "rule node-lost  lost",
                        "rule chat-lost  lost node=chat_*",
                        "rule too-few  nodes < 3 for 30s",
                        "rule api-slow  time_api_max > 500ms for 3 windows",
                        "rule all-clients  cluster num_clients >= 10k for 2 windows",
                        "rule p99  cluster time_client_p99 > 1.5s for 1 window",
                        "rule memory  memory_sys > 1GiB for 1 window node=chat_1?",
                        "rule silent  age > 30s",
                        "rule not-receiving  stale > 1m",
                        "silence api-slow node=chat_1* until 2026-12-01T00:00:00Z",
                        "silence * from 2026-11-30T21:00:00Z until 2026-12-01T00:00:00Z");
        assertThat(rules.rules().get(4).condition())
                .isInstanceOfSatisfying(
                        Condition.ClusterTotal.class,
                        rule -> assertThat(rule.threshold().limit()).isEqualTo(10_000));
        assertThat(rules.toString() + rules.summary()).doesNotContain("secret").doesNotContain("T000");
        assertThat(rules.summary()).isEqualTo("9 rules, 2 silences, webhook https://hooks.example:8443/***");
    }

    @Test
    void lines_parsedAgain_areEqualRules() {
        AlertConfig rules = parse(
                "rule a nodes <= 2 for 90s node=x*",
                "rule b cpu_usage > 80% for 1 window",
                "rule c time_api_p99 > 3x median for 2 windows node=x*",
                "rule d num_clients falls > 30% within 5 windows node=x*",
                "rule e cluster num_msg_sent rises > 200% within 1 window",
                "rule f absent label=zone=eu for 30s severity=critical",
                "rule g time_client_p999 >= 1s for 3 windows",
                "silence a node=x1 from 2026-01-01T00:00Z until 2026-01-02T00:00Z");

        assertThat(AlertFileParser.parse(FILE, String.join("\n", rules.toLines())))
                .isEqualTo(rules);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "rul x lost | 'rul' (expected: perhaps rule)",
                "when x lost | 'when' (expected: one of rule, silence, webhook, webhook-file, alertmanager, external-url)",
                "rule | end of line (expected: a name for the rule)",
                "rule Api lost | rule name 'Api' (expected: lowercase letters, digits, - _ and ., at most 63)",
                "rule first lost | rule 'first' (expected: a unique name; line 1 has the same)",
                "rule x time_api_mx > 1s | 'time_api_mx' (expected: perhaps time_api_max)",
                "rule x lots | 'lots' (expected: perhaps lost)",
                "rule x time_api_p99 > 1x median | '> 1x' (expected: a factor above 1, e.g. 3x)",
                "rule x num_clients < 2x median | '< 2x' (expected: a factor between 0 and 1, e.g. 0.5x)",
                "rule x num_clients > 2x mean | 'mean' (expected: median)",
                "rule x num_clients falls 30% | '30%' (expected: >)",
                "rule x num_clients falls > 100% within 3 windows | '100%' (expected: a percentage, 1% to 99%)",
                "rule x num_clients rises > half | 'half' (expected: a percentage, 1% to 99999%)",
                "rule x num_clients falls > 30% in 3 windows | 'in' (expected: within)",
                "rule x num_clients falls > 30% within 11 windows | within '11' (expected: windows, 1 to 10)",
                "rule x cluster num_clients falls > 30% within 3 windows node=a | 'node=a' (expected: end of line)",
                "rule x absent | end of line (expected: label=NAME=VALUE)",
                "rule x absent label=zone | 'label=zone' (expected: label=NAME=VALUE)",
                "rule x absent label=zone=eu now | 'now' (expected: end of line)",
                "rule x lost 3 | '3' (expected: node=NAME or end of line)",
                "rule x lost severity=Bad! | 'severity=Bad!' (expected: severity= and a word, e.g. critical; lowercase letters, digits, - and _, at most 30)",
                "rule x lost severity= | 'severity=' (expected: severity= and a word, e.g. critical; lowercase letters, digits, - and _, at most 30)",
                "rule x lost severity=a node=b | 'severity=a' (expected: node=NAME or end of line)",
                "alertmanager | alertmanager: neither http nor https (expected: http://host[:port]/path or https://…, without a user or a fragment)",
                "alertmanager ftp://a | alertmanager: neither http nor https (expected: http://host[:port]/path or https://…, without a user or a fragment)",
                "alertmanager http://a/?x=y | alertmanager: a query in the URL (expected: http://host[:port][/path])",
                "external-url http://a/#x | external-url: a user or a fragment in the URL (expected: http://host[:port]/path or https://…, without a user or a fragment)",
                "rule x lost node=a b | 'b' (expected: end of line)",
                "rule x lost node= | 'node=' (expected: node= and a name; * matches any text)",
                "rule x nodes = 3 | '=' (expected: one of < <= > >=)",
                "rule x nodes < 3s | '3s' (expected: a whole number, e.g. 10000 or 10k; k, M or G)",
                "rule x nodes < 2.5 | '2.5' (expected: a whole number, e.g. 10000 or 10k; k, M or G)",
                "rule x nodes < 0 | '< 0' is never true (expected: a threshold above 0)",
                "rule x nodes < 3 for 3 windows | '3' (expected: a duration, e.g. 500ms; ns, us, ms, s, m, h or d)",
                "rule x nodes < 3 for 25h | for 25h (expected: at most 24h)",
                "rule x time_api_max > 500 | '500' (expected: a duration, e.g. 500ms; ns, us, ms, s, m, h or d)",
                "rule x time_api_max > 1s for 0 windows | for '0' (expected: windows, 1 to 1000)",
                "rule x time_api_max > 1s for 3 | end of line (expected: windows)",
                "rule x time_api_max > 1s for 3 beats | for 3 'beats' (expected: windows)",
                "rule x memory_sys > 1s | '1s' (expected: bytes, e.g. 512MiB; kB, MB, GB, TB or KiB, MiB, GiB, TiB)",
                "rule x cluster num_clients > 5 node=a | 'node=a' (expected: end of line)",
                "rule x cluster num_client > 5 | 'num_client' (expected: perhaps num_clients)",
                "rule x age < 5s | '< 5s' (expected: > and a duration)",
                "rule x age > 5ms | '> 5ms' (expected: at least 1s)",
                "rule x stale > 5s node=a | 'node=a' (expected: end of line)",
                "silence frist until 2026-12-01T00:00Z | silence 'frist' (expected: a rule, perhaps first)",
                "silence first | end of line (expected: until TIME)",
                "silence first node=a till 2026-12-01T00:00Z | 'till' (expected: node=NAME, from TIME or until TIME)",
                "silence first until tomorrow | 'tomorrow' (expected: a time with its zone, e.g. 2026-12-01T00:00Z or 2026-12-01T01:00+01:00)",
                "silence first from 2026-12-01T00:00Z until 2026-11-01T00:00Z | from 2026-12-01T00:00:00Z until 2026-11-01T00:00:00Z (expected: an end after the start)",
            })
    void error_statesLineAndFoundAndExpectedValue(String line, String error) {
        assertError(line, error);
    }

    @Test
    void field_withoutThreshold_isRejected() {
        assertThatThrownBy(() -> parse("rule x started_at > 5"))
                .hasMessageStartingWith(
                        "alerts: alerts.conf: line 1: 'started_at' cannot have a threshold (expected: one of num_gor");
        assertThatThrownBy(() -> parse("rule x uid > 5")).hasMessageContaining("'uid' cannot have a threshold");
    }

    @Test
    void errors_areReportedTogether() {
        assertThatThrownBy(() -> parse("rule a lots", "rule b lost", "silence c until now"))
                .hasMessage("alerts: alerts.conf: 2 errors\n"
                        + "  line 1: 'lots' (expected: perhaps lost)\n"
                        + "  line 3: 'now' (expected: a time with its zone,"
                        + " e.g. 2026-12-01T00:00Z or 2026-12-01T01:00+01:00)");
    }

    @Test
    void file_withoutRules_isRejected() {
        assertThatThrownBy(() -> parse("# nothing"))
                .hasMessage("alerts: alerts.conf: no rule (expected: at least 1, e.g. rule node-lost lost)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://hooks.example/s3cret",
                "hooks.example/s3cret",
                "https://user:s3cret@hooks.example/",
                "https://hooks.example/a#s3cret",
                "https:///s3cret",
                "https://hooks.example/s3cret with spaces",
                ""
            })
    void webhook_invalid_isRejectedWithoutItsUrl(String url) {
        assertThatThrownBy(() -> parse("rule a lost", "webhook " + url))
                .hasMessageStartingWith("alerts: alerts.conf: line 2: webhook: ")
                .hasMessageContaining("expected: http://host[:port]/path")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void webhook_second_isRejected() {
        assertThatThrownBy(() -> parse("rule a lost", "webhook http://a/1", "webhook http://a/2"))
                .hasMessage(
                        "alerts: alerts.conf: line 3: a second webhook (expected: at most one; line 2 has the first)");
    }

    @Test
    void alertmanagers_andExternalUrl_areBaseUrls() {
        AlertConfig config = parse(
                "alertmanager http://am1:9093",
                "alertmanager https://am2/s3cret/",
                "external-url https://tacho.example/dash",
                "rule lost lost severity=critical",
                "rule few nodes < 3 node=x* severity=page");

        assertThat(config.alertmanagers())
                .extracting(url -> url.append("api/v2/alerts").uri().toString())
                .containsExactly("http://am1:9093/api/v2/alerts", "https://am2/s3cret/api/v2/alerts");
        assertThat(config.externalUrl()).hasToString("https://tacho.example/dash/");
        assertThat(config.rules()).extracting(Rule::severity).containsExactly("critical", "page");
        assertThat(config.toLines())
                .containsExactly(
                        "alertmanager http://am1:9093/***",
                        "alertmanager https://am2/***",
                        "external-url https://tacho.example/dash/",
                        "rule lost  lost severity=critical",
                        "rule few  nodes < 3 node=x* severity=page");
        assertThat(config.summary())
                .isEqualTo("2 rules, 0 silences, no webhook, alertmanager http://am1:9093/***, alertmanager"
                        + " https://am2/***");
    }

    @Test
    void alertmanager_repeated_andSecondExternalUrl_areRejected() {
        assertThatThrownBy(() -> parse("rule a lost", "alertmanager http://a", "alertmanager http://a/"))
                .hasMessage("alerts: alerts.conf: line 3: alertmanager http://***"
                        + " (expected: a URL that no other line has)");
        assertThatThrownBy(() -> parse("rule a lost", "external-url http://a", "external-url http://b"))
                .hasMessage("alerts: alerts.conf: line 3: a second external-url (expected: at most one)");
        String many = "alertmanager http://a%d\n".repeat(11);
        Object[] numbers = IntStream.range(0, 11).boxed().toArray();
        assertThatThrownBy(() -> parse("rule a lost", String.format(many, numbers)))
                .hasMessage("alerts: alerts.conf: line 12: too many alertmanagers (expected: at most 10)");
    }

    @Test
    void webhookFile_isRelativeToTheAlertFile(@TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("hook"), "https://hooks.example/T000\n");
        Path file = Files.writeString(directory.resolve("alerts"), "webhook-file hook\nrule a lost\n");

        assertThat(AlertConfig.read(file).webhook())
                .isEqualTo(ReceiverUrl.parse("webhook", "https://hooks.example/T000"));

        Files.writeString(file, "webhook-file absent\nrule a lost\n");
        assertThatThrownBy(() -> AlertConfig.read(file))
                .hasMessageContaining("line 1: webhook-file: cannot read " + directory.resolve("absent"))
                .hasMessageContaining("no such file (expected: a readable text file with a URL)");
    }

    @Test
    void file_unreadable_isRejected(@TempDir Path directory) throws IOException {
        Path absent = directory.resolve("absent");
        assertThatThrownBy(() -> AlertConfig.read(absent))
                .hasMessage("alerts: cannot read " + absent + ", no such file (expected: a readable text file, UTF-8)");

        Path huge = Files.writeString(directory.resolve("huge"), "#".repeat(70_000));
        assertThatThrownBy(() -> AlertConfig.read(huge))
                .hasMessage("alerts: " + huge + " has 70000 bytes (expected: at most 65536)");

        Path binary = Files.write(directory.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe});
        assertThatThrownBy(() -> AlertConfig.read(binary))
                .hasMessageContaining("expected: a readable text file, UTF-8");
    }

    @Test
    void rules_tooMany_areRejected() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 101; i++) {
            lines.append("rule r").append(i).append(" lost\n");
        }
        assertThatThrownBy(() -> AlertFileParser.parse(FILE, lines.toString()))
                .hasMessage("alerts: alerts.conf: line 101: too many rules (expected: at most 100)");
    }

    @Test
    void silence_matchesRuleAndNodeInItsPeriod() {
        Silence silence = parse("rule a lost", "silence a* node=x? from 2026-12-01T00:00Z until 2026-12-02T00:00Z")
                .silences()
                .get(0);
        Instant start = Instant.parse("2026-12-01T00:00:00Z");
        Instant end = Instant.parse("2026-12-02T00:00:00Z");

        assertThat(silence.appliesTo("a", "x1", start)).isTrue();
        assertThat(silence.appliesTo("a", "x1", start.minusSeconds(1))).isFalse();
        assertThat(silence.appliesTo("a", "x1", end.minusSeconds(1))).isTrue();
        assertThat(silence.appliesTo("a", "x1", end)).isFalse();
        assertThat(silence.appliesTo("a", "y1", start)).isFalse();
        assertThat(silence.appliesTo("b", "x1", start)).isFalse();
        assertThat(silence.stateAt(start.minusSeconds(1))).hasToString("pending");
        assertThat(silence.stateAt(start)).hasToString("active");
        assertThat(silence.stateAt(end)).hasToString("expired");
    }
}
