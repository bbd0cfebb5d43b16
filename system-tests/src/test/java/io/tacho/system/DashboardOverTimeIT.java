// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tacho.aggregator.AggregatorSettings;
import io.tacho.aggregator.MemoryLimits;
import io.tacho.aggregator.api.ApiSecret;
import io.tacho.aggregator.http.HttpSettings;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.Extra;
import io.tacho.model.Extras;
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.WindowDetail;
import io.tacho.process.ChildProcess;
import io.tacho.redis.RedisTransport;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.store.SnapshotPublisher;
import io.tacho.testing.Windows;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** Tests the dashboard when nodes, alerts, keys and aggregators change, and its history. */
class DashboardOverTimeIT extends DashboardPage {

    private static final Duration SILENCE = Duration.ofSeconds(60);

    @Test
    void killedNode_isShownAsLost() throws Exception {
        try (TestAggregator own =
                TestAggregator.start(RedisSettings.of(redis.uri()).withNamespace("killed"))) {
            try (ChildProcess agent =
                    Programs.agent(redis.uri(), "victim", Duration.ofMillis(500), Duration.ofSeconds(2), "killed")) {
                await().atMost(TIMEOUT).until(() -> own.names().contains("victim"));
                open(own, "");
                awaitRows(1);
                assertThat(text("#table tbody .state span")).isEqualTo("live");

                agent.kill();

                await().atMost(TIMEOUT)
                        .untilAsserted(() ->
                                assertThat(text("#table tbody .state span")).isEqualTo("lost"));
                assertThat(text("#timeline .what")).isEqualTo("lost");
                await().atMost(TIMEOUT)
                        .untilAsserted(() ->
                                assertThat(text("[data-tile=nodes] .value")).isEqualTo("0"));
            }
            // before its aggregator ends, to which it would connect again
            browser.open("about:blank");
        }
    }

    /** The aggregator of the later dashboard has never received a beat of the node. */
    @Test
    void lostNode_isShownAfterReopeningTheDashboard() throws Exception {
        RedisSettings settings = RedisSettings.of(redis.uri()).withNamespace("lost-before");
        try (TestAggregator first = TestAggregator.start(settings)) {
            await().atMost(TIMEOUT).until(first::isReady);
            try (ChildProcess agent = Programs.agent(
                    redis.uri(), "victim", Duration.ofMillis(500), Duration.ofSeconds(2), "lost-before")) {
                await().atMost(TIMEOUT).until(() -> first.names().contains("victim"));
                agent.kill();
            }
            await().atMost(TIMEOUT)
                    .until(() -> first.get("/membership")
                            .at("/changes/0/change")
                            .asText()
                            .equals("lost"));
            try (TestAggregator second = TestAggregator.start(settings)) {
                for (TestAggregator each : List.of(first, second)) {
                    open(each, "");

                    awaitRows(1);
                    assertThat(text("#table tbody .state span")).isEqualTo("lost");
                    assertThat(Long.parseLong(digits(firstRow().get("memory_sys"))))
                            .isPositive();
                    assertThat(text("#timeline .what")).isEqualTo("lost");
                    assertThat(text("[data-tile=nodes] .value")).isEqualTo("0");

                    browser.driver().findElement(By.cssSelector("#timeline a")).click();
                    await().atMost(TIMEOUT)
                            .untilAsserted(
                                    () -> assertThat(text("#node .badge")).isEqualTo("lost"));
                    assertThat(text("#node h2")).isEqualTo("victim");
                    assertThat(text("#node .membership li")).contains("lost");
                }
                // a stream ends with its aggregator
                browser.open("about:blank");
            }
        }
    }

    @Test
    void extraValue_isShownOverTime() throws Exception {
        RedisSettings settings = RedisSettings.of(redis.uri()).withNamespace("extras");
        long last = (System.currentTimeMillis() - 70_000) / 60_000 * 60_000;
        Extras extras = new Extras(Map.of(
                "clients{name=\"js\"}", Extra.gauge(75), "ping_pong", Extra.timer(Windows.histogram(2_000_000))));
        try (RedisTransport past = new RedisTransport(settings, new SnapshotCodec());
                SnapshotPublisher sink = past.publisher();
                TestAggregator own = TestAggregator.start(settings)) {
            sink.upload(Windows.batch("u", 0, 1, Windows.minute(last, 1).withExtras(extras)))
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
            sink.publish(SnapshotEnvelope.builder(
                                    NodeSnapshot.builder("u", "node").build())
                            .seq(1)
                            .ttlMillis(600_000)
                            .metricsIntervalSeconds(60)
                            .detail(new WindowDetail(null, null, null, null, extras))
                            .build())
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
            await().atMost(TIMEOUT)
                    .until(() -> own.get("/history").path("extras").size() == 2);
            open(own, "?range=1h");

            click("[data-extra^=clients] button");
            awaitChart("clients{name=\"js\"} over time. Now: value 75");
            click("[data-extra^=clients] button");
            assertThat(browser.driver()
                            .findElement(By.cssSelector("[data-extra-chart]"))
                            .isDisplayed())
                    .as("a second click closes it")
                    .isFalse();

            click("[data-extra=ping_pong] button");
            awaitChart("ping_pong over time. Now: p50 2.00 ms, p99 2.00 ms, max 2.00 ms");
            browser.open("about:blank");
        }
    }

    private static void click(String selector) {
        await().atMost(TIMEOUT)
                .ignoreExceptions()
                .untilAsserted(() ->
                        browser.driver().findElement(By.cssSelector(selector)).click());
    }

    private static void awaitChart(String label) {
        await().atMost(TIMEOUT)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(browser.driver()
                                .findElement(By.cssSelector("[data-extra-chart] .canvas"))
                                .getAttribute("aria-label"))
                        .isEqualTo(label));
    }

    @Test
    void rangeAndNode_showTheHistory_evenAfterAnAggregatorRestart() throws Exception {
        RedisSettings settings = RedisSettings.of(redis.uri()).withNamespace("past");
        long last = (System.currentTimeMillis() - 70_000) / 60_000 * 60_000;
        try (RedisTransport past = new RedisTransport(settings, new SnapshotCodec());
                SnapshotPublisher sink = past.publisher()) {
            for (int minute = 20; minute >= 0; minute--) {
                long start = last - 60_000L * minute;
                long knownMark = minute == 20 ? 0 : start;
                sink.upload(Windows.batch(
                                "gone", knownMark, start + 60_000, Windows.minute(start, 600, 1_000, 2_000, 5_000)))
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS);
            }
            publish(sink, "windowed", 3, 600_000, new MetricsWindow(last, last + 10_000));
        }
        for (int run = 0; run < 2; run++) {
            try (TestAggregator own = TestAggregator.start(settings)) {
                open(own, "");
                await().atMost(TIMEOUT).until(() -> text("#verdict").contains("1 node live"));
                browser.driver()
                        .findElement(By.cssSelector("[data-range='1h']"))
                        .sendKeys(Keys.ENTER);

                await().atMost(TIMEOUT)
                        .untilAsserted(() -> assertThat(text("#past")).startsWith("steps of 1m"));
                assertThat(browser.driver().getCurrentUrl()).contains("range=1h");
                assertThat(legend("Messages")).isEqualTo("published 10/s queued 20/s sent 30/s");
                assertThat(legend("Clients")).isEqualTo("clients 6,600 users 7,200 channels 7,800");
                assertThat(legend("API latency")).contains("p50 2.01 µs p99 5.00 µs max 9.60 µs");
                open(own, "?range=1h&node=uid-" + "windowed".hashCode());
                await().atMost(TIMEOUT)
                        .untilAsserted(() -> assertThat(legend("Messages")).isEqualTo("published 300/s sent 300/s"));
            }
        }
        browser.open("about:blank");
        // a stream ends with its aggregator
        browser.consoleErrors();
    }

    private static String legend(String title) {
        return browser.run("""
                const chart = [...document.querySelectorAll('figure.chart')]
                    .find((figure) => figure.offsetParent && figure.querySelector('strong').firstChild.textContent === arguments[0]);
                return [...chart?.querySelectorAll('.legend li') ?? []].map((item) => item.textContent.trim()).join(' ');
                """, title);
    }

    @Test
    void alerts_areListedWithNodeValueAndStart(@TempDir Path directory) throws Exception {
        try (TestAggregator own = TestAggregator.start(redis.uri())) {
            await().atMost(TIMEOUT).until(own::isReady);
            open(own, "");
            awaitRows(10);
            assertThat(browser.driver().findElement(By.id("alerts")).isDisplayed())
                    .isFalse();

            own.setAlertConfig(Files.writeString(
                    directory.resolve("alerts"),
                    "rule few nodes < 1000\nrule idle cpu_usage < 2%\nrule many nodes > 5\n"
                            + "silence many until 2999-01-01T00:00Z"));
            await().atMost(TIMEOUT).until(() -> own.alerts().path("configured").asBoolean());
            browser.driver().navigate().refresh();

            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(text("#alerts h2")).isEqualTo("Alerts 8 firing, 1 silenced"));
            assertThat(text("#verdict")).contains("7 alerts");
            String idle = browser.run(
                    "return [...document.querySelectorAll('#alerts tbody tr')].find((row) => row.textContent.includes('chat-101')).innerText");
            assertThat(idle)
                    .matches(
                            "(?s)warning idle\\s+chat-101\\s+cpu_usage 1%\\s+cpu_usage < 2% for 1 window\\s+\\d+ (s|min) ago\\s+silence …");
            assertThat(browser.driver().getTitle()).startsWith("! 7 alerts · 300 nodes");
            assertThat(browser.<String>run("return document.querySelector('link[rel=icon]').href"))
                    .endsWith("/icon-warn.svg");
            browser.driver()
                    .findElement(By.xpath("//section[@id='alerts']//a[text()='chat-101']"))
                    .click();
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(text("#node h2")).isEqualTo("chat-101"));
            // a stream ends with its aggregator
            browser.open("about:blank");
        }
    }

    @Test
    void key_isRequested_andNotInTheUrl() throws Exception {
        try (TestAggregator keyed = TestAggregator.start(new AggregatorSettings(
                HttpSettings.of(new InetSocketAddress("127.0.0.1", 0), 100, new ApiSecret("open-sesame")),
                AggregatorSettings.Insecure.NOT_ALLOWED,
                RedisSettings.of(redis.uri()),
                Duration.ofSeconds(15),
                MemoryLimits.ofThisJvm()))) {
            open(keyed, "");
            awaitDialog();
            // a browser lets a page keep it open once, and a script close it
            browser.driver().switchTo().activeElement().sendKeys(Keys.ESCAPE);
            browser.driver().switchTo().activeElement().sendKeys(Keys.ESCAPE);
            browser.run("document.getElementById('key-dialog').close()");
            enterKey("wrong");
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(text("#key-problem")).isEqualTo("That key was rejected."));
            enterKey("open-sesame");
            awaitRows(10);

            assertThat(browser.driver().getCurrentUrl()).doesNotContain("sesame");
            assertThat(browser.consoleErrors())
                    .allSatisfy(complaint -> assertThat(complaint).contains("401"));
            browser.driver().navigate().refresh();
            awaitRows(10);

            // the open stream of events continues
            keyed.replaceKey("open-barley");
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(text("#connection")).isEqualTo("no key"));
            assertThat(text("#key-problem")).isEqualTo("That key was rejected.");
            enterKey("open-barley");
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(text("#connection")).isEqualTo("live"));
            assertThat(browser.consoleErrors())
                    .allSatisfy(complaint -> assertThat(complaint).contains("401"));
            browser.open("about:blank");
        }
    }

    @Test
    void responseMissingForHalfAMinute_isShownInTheVerdict() {
        open("");
        awaitRows(10);
        browser.run("""
                const real = window.fetch;
                window.fetch = (path, options) => {
                  window.rejected ||= path === 'cluster';
                  return path === 'cluster' ? Promise.resolve(new Response('', {status: 503})) : real(path, options);
                };
                """);
        await().atMost(TIMEOUT).until(() -> browser.<Boolean>run("return window.rejected === true"));
        assertThat(text("#verdict")).doesNotContain("details");

        passTime(40);

        await().atMost(TIMEOUT)
                .untilAsserted(
                        () -> assertThat(text("#verdict")).matches("details not received, the last 4\\d s ago.*"));
        assertThat(browser.driver().findElement(By.id("verdict")).getDomAttribute("data-level"))
                .isEqualTo("warn");
        browser.open("about:blank");
    }

    /** The lost nodes are shown for 15 minutes. */
    @Test
    void withoutAnyNodeLeft_theVerdictIsBad_andTheRecordIsShown() throws Exception {
        RedisSettings settings = RedisSettings.of(redis.uri()).withNamespace("none-left");
        try (RedisTransport past = new RedisTransport(settings, new SnapshotCodec());
                SnapshotPublisher sink = past.publisher();
                TestAggregator own = TestAggregator.start(settings)) {
            await().atMost(TIMEOUT).until(own::isReady);
            publish(sink, "victim", 1, 1_000, null);
            open(own, "");
            await().atMost(TIMEOUT).until(() -> text("#verdict").contains("victim lost"));

            passTime(16 * 60);

            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(text("#verdict")).isEqualTo("0 nodes live"));
            assertThat(browser.driver().findElement(By.id("verdict")).getDomAttribute("data-level"))
                    .isEqualTo("bad");
            assertThat(browser.driver().getTitle())
                    .startsWith("✕ 0 nodes live · ")
                    .doesNotContain("0 nodes ·");
            assertThat(text("#table")).contains("No node is left.");
            assertThat(browser.driver().findElement(By.id("timeline")).isDisplayed())
                    .isTrue();
            assertThat(text("#timeline .what")).isEqualTo("lost");
            browser.open("about:blank");
        }
    }

    /** Advances the clock of the page. */
    private static void passTime(int seconds) {
        browser.run(
                "const [seconds] = arguments; const now = Date.now; Date.now = () => now() + 1000 * seconds", seconds);
    }

    private static void awaitDialog() {
        await().atMost(TIMEOUT)
                .until(() -> browser.driver().findElement(By.id("key")).isDisplayed());
    }

    private static void enterKey(String key) {
        awaitDialog();
        browser.driver().findElement(By.id("key")).sendKeys(key, Keys.ENTER);
    }

    @Test
    void aggregatorStopped_isShownWithTheAge() throws Exception {
        TestAggregator own = TestAggregator.start(redis.uri());
        await().atMost(TIMEOUT).until(own::isReady);
        open(own, "");
        awaitRows(10);

        own.close();

        // a stream that is silent for 25 s is closed
        await().atMost(SILENCE)
                .untilAsserted(() -> assertThat(text("#trouble"))
                        .matches("Disconnected from the aggregator\\. These numbers are \\d+s old; trying again\\."));
        assertThat(rows()).isNotEmpty();
        browser.open("about:blank");
        assertThat(browser.consoleErrors())
                .allSatisfy(complaint -> assertThat(complaint).contains("net::ERR_"));
    }
}
