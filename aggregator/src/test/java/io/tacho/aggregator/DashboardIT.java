// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacho.aggregator.api.ApiSecret;
import io.tacho.aggregator.http.HttpSettings;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.IntervalMetrics;
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeInfo;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.redis.RedisSettings;
import io.tacho.redis.RedisTransport;
import io.tacho.redis.embedded.EmbeddedRedis;
import io.tacho.testing.Windows;
import io.tacho.transport.SnapshotPublisher;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The dashboard in a real browser, over a real Redis. */
class DashboardIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration SILENCE = Duration.ofSeconds(60);
    private static final int NODES = 300;
    private static final String HOSTILE = "<img src=x onerror=\"document.title='owned'\">";
    private static final String AXE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";
    private static final String ALL_COLUMNS = "&columns=name,uid,num_clients,num_unique_clients,num_channels,"
            + "num_msg_published,num_msg_queued,num_msg_sent,num_client_requests,num_api_requests,bytes_client_in,"
            + "bytes_client_out,time_client_mean,time_client_max,time_api_mean,time_api_max,memory_sys,cpu_usage,"
            + "num_goroutine,gomaxprocs,num_cpu,started_at";

    private static Browser browser;
    private static EmbeddedRedis redis;
    private static RedisTransport transport;
    private static SnapshotPublisher publisher;
    private static TestAggregator aggregator;

    @BeforeAll
    static void start() throws Exception {
        browser = Browser.start();
        redis = EmbeddedRedis.start();
        transport = new RedisTransport(RedisSettings.of(redis.uri()), new SnapshotCodec());
        publisher = transport.publisher();
        publish(HOSTILE, 1, 600_000);
        for (int i = 1; i < NODES; i++) {
            publish("chat-" + i, i, 600_000);
        }
        aggregator = TestAggregator.start(redis.uri());
        await().atMost(PATIENCE)
                .until(() -> aggregator.isReady() && aggregator.names().size() == NODES);
    }

    @AfterAll
    static void stop() throws Exception {
        if (browser != null) {
            browser.close();
            aggregator.close();
            publisher.close();
            transport.close();
            redis.close();
        }
    }

    @AfterEach
    void nothingToComplainOf() {
        assertThat(browser.complaints()).isEmpty();
    }

    private static void publish(String name, int number, long ttlMillis) throws Exception {
        publish(publisher, name, number, ttlMillis, null);
    }

    private static void publish(
            SnapshotPublisher there, String name, int number, long ttlMillis, @Nullable MetricsWindow window)
            throws Exception {
        long k = 1_000L * number;
        NodeInfo info =
                new NodeInfo("uid-" + name.hashCode(), name, 20 + number, k, k - 1, 7 * k, 1_700_000_000L, 4, 8);
        IntervalMetrics metrics = new IntervalMetrics(
                k + 1,
                k + 2,
                k + 3,
                k + 4,
                k + 5,
                k * 1_024,
                k * 5_000,
                250_000 + number,
                90_000 + number,
                3_000_000 + k,
                2_000_000 + k,
                50_000_000 + k,
                number % 100);
        there.publish(new SnapshotEnvelope(1, ttlMillis, 10, window, new NodeSnapshot(info, metrics)))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    private static void open(String query) {
        open(aggregator, query);
    }

    private static void open(TestAggregator which, String query) {
        browser.open(which.url() + "/" + query);
    }

    private static void awaitRows(int atLeast) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(rows().size()).isGreaterThanOrEqualTo(atLeast));
    }

    private static List<WebElement> rows() {
        return browser.driver().findElements(By.cssSelector("#table tbody tr[data-uid]"));
    }

    /** The exact numbers of the first row, as its hovers have them, by field. */
    private static Map<String, String> firstRow() {
        return browser.run("""
                const columns = [...document.querySelectorAll('#table thead [data-column]')].map(head => head.dataset.column);
                const cells = document.querySelector('#table tbody tr[data-uid]').children;
                return Object.fromEntries(columns.map((column, index) => [column, cells[index].title]));
                """);
    }

    private static String text(String selector) {
        return browser.run("return document.querySelector(arguments[0])?.textContent ?? ''", selector);
    }

    private static String title(String selector) {
        return browser.run("return document.querySelector(arguments[0])?.title ?? ''", selector);
    }

    private static String names() {
        return browser.run(
                "return [...document.querySelectorAll('#table tbody th')].map(name => name.textContent).join()");
    }

    private static String digits(String exact) {
        return exact.replaceFirst("[:(].*", "").replaceAll("[^0-9]", "");
    }

    @Test
    void everyNumber_isTheApis() throws Exception {
        JsonNode node = null;
        for (JsonNode entry : aggregator.stats().path("nodes")) {
            node = entry.path("name").asText().equals("chat-77") ? entry : node;
        }
        assertThat(node).isNotNull();
        open("?q=name%3Dchat-77" + ALL_COLUMNS);
        awaitRows(1);

        Map<String, String> shown = firstRow();

        assertThat(shown).hasSize(23);
        node.properties().forEach(field -> {
            String exact = shown.get(field.getKey());
            assertThat(field.getValue().isNumber() ? digits(exact) : exact)
                    .as(field.getKey())
                    .isEqualTo(field.getValue().asText());
        });
    }

    @Test
    void totals_areTheApis() throws Exception {
        JsonNode merged = aggregator.cluster().path("merged");
        open("");
        awaitRows(10);
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(text("[data-tile=nodes] .value")).isEqualTo("300"));

        for (String field :
                List.of("num_clients", "num_msg_published", "num_msg_sent", "bytes_client_out", "memory_sys")) {
            assertThat(digits(title("[data-tile=" + field + "] .value")))
                    .as(field)
                    .isEqualTo(merged.path(field).asText());
        }
        assertThat(title("[data-tile=time_client_mean] .value").replace(",", ""))
                .isEqualTo("mean " + merged.path("time_client_mean").asText() + " ns max "
                        + merged.path("time_client_max").asText() + " ns");
        assertThat(title("[data-tile=num_channels] .value").replace(",", ""))
                .contains("between " + merged.at("/num_channels/max").asText())
                .contains("and " + merged.at("/num_channels/sum").asText());
    }

    @Test
    void manyNodes_onlyThoseInSightAreMade() {
        open("?sort=-num_clients");
        awaitRows(10);

        assertThat(rows().size()).isLessThan(70);
        assertThat(names()).startsWith("chat-299,chat-298,chat-297");
        assertThat(browser.driver().findElement(By.cssSelector("#table table")).getDomAttribute("aria-rowcount"))
                .isEqualTo("302");
        browser.run("const table = document.getElementById('table'); table.scrollTop = table.scrollHeight");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(names()).endsWith("chat-2," + HOSTILE + ",chat-1"));
    }

    @Test
    void hostileName_isText() {
        open("?sort=num_clients");
        awaitRows(10);

        assertThat(names()).contains(HOSTILE);
        assertThat(browser.driver().findElements(By.tagName("img"))).isEmpty();
        assertThat(browser.driver().getTitle()).contains("300 nodes");
    }

    @Test
    void filterSortAndTheme_standInTheAddress_whichShowsTheSame() {
        open("");
        awaitRows(10);
        browser.driver()
                .findElement(By.cssSelector("[data-column=cpu_usage] button"))
                .click();
        browser.driver().findElement(By.cssSelector("[data-theme-choice=dark]")).click();
        browser.driver().findElement(By.id("filter")).sendKeys("clients>=290k");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(text("#shown")).isEqualTo("10 of 300"));
        String names = names();
        String address = browser.driver().getCurrentUrl();

        assertThat(address).contains("sort=-cpu_usage").contains("theme=dark").contains("q=clients");
        assertThat(names).startsWith("chat-299,chat-298");

        browser.open(address);

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(names()).isEqualTo(names));
        assertThat(browser.<String>run("return getComputedStyle(document.documentElement).colorScheme"))
                .isEqualTo("dark");
        assertThat(browser.driver()
                        .findElement(By.cssSelector("[data-column=cpu_usage]"))
                        .getDomAttribute("aria-sort"))
                .isEqualTo("descending");
    }

    @Test
    void filterThatMakesNoSense_isSaid() {
        open("?q=clients%3Emany");
        awaitRows(10);

        assertThat(text("#filter-problem"))
                .isEqualTo("clients>many: 'many' (expected: a number, with or without one of k, m, g)");
    }

    @Test
    void nodesOwnPage_byKeyboard_andBack() {
        open("?q=name%3Dchat-42");
        awaitRows(1);
        browser.driver().findElement(By.cssSelector("#table tbody a")).sendKeys(Keys.ENTER);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(text("#node h2")).isEqualTo("chat-42"));
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(text("[data-field=num_clients] .raw")).isEqualTo("42,000"));
        assertThat(browser.driver().getCurrentUrl()).contains("node=uid-");
        browser.driver().navigate().back();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(text("#shown")).isEqualTo("1 of 300"));
    }

    @Test
    void killedNode_turnsLost_andStaysInSight() throws Exception {
        try (TestAggregator own =
                TestAggregator.start(RedisSettings.of(redis.uri()).withNamespace("killed"))) {
            try (AgentProcess agent = AgentProcess.start(
                    redis.uri(), "victim", Duration.ofMillis(500), Duration.ofSeconds(2), "killed")) {
                await().atMost(PATIENCE).until(() -> own.names().contains("victim"));
                open(own, "");
                awaitRows(1);
                assertThat(text("#table tbody .state span")).isEqualTo("live");

                agent.kill();

                await().atMost(PATIENCE)
                        .untilAsserted(() ->
                                assertThat(text("#table tbody .state span")).isEqualTo("lost"));
                assertThat(text("#timeline .what")).isEqualTo("lost");
                await().atMost(PATIENCE)
                        .untilAsserted(() ->
                                assertThat(text("[data-tile=nodes] .value")).isEqualTo("0"));
            }
        }
    }

    @Test
    void rangeAndNode_showThePast_alsoOfAnAggregatorThatWasRestarted() throws Exception {
        RedisSettings settings = RedisSettings.of(redis.uri()).withNamespace("past");
        long last = (System.currentTimeMillis() - 70_000) / 60_000 * 60_000;
        try (RedisTransport past = new RedisTransport(settings, new SnapshotCodec());
                SnapshotPublisher folder = past.publisher()) {
            for (int minute = 20; minute >= 0; minute--) {
                long start = last - 60_000L * minute;
                long believed = minute == 20 ? 0 : start;
                folder.fold(Windows.batch(
                                "gone", believed, start + 60_000, Windows.minute(start, 600, 1_000, 2_000, 5_000)))
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS);
            }
            publish(folder, "windowed", 3, 600_000, new MetricsWindow(last, last + 10_000));
        }
        for (int run = 0; run < 2; run++) {
            try (TestAggregator own = TestAggregator.start(settings)) {
                open(own, "");
                await().atMost(PATIENCE).until(() -> text("#summary").contains("1 node"));
                browser.driver()
                        .findElement(By.cssSelector("[data-range='1h']"))
                        .sendKeys(Keys.ENTER);

                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(text("#past")).startsWith("steps of 1m"));
                assertThat(browser.driver().getCurrentUrl()).contains("range=1h");
                assertThat(legend("Messages")).isEqualTo("published 10/s queued 20/s sent 30/s");
                assertThat(legend("Clients")).isEqualTo("clients 6,600 users 7,200 channels 7,800");
                assertThat(legend("API latency")).contains("p50 2.01 µs p99 5.00 µs max 9.60 µs");
                open(own, "?range=1h&node=uid-" + "windowed".hashCode());
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(legend("Messages")).isEqualTo("published 300/s sent 300/s"));
            }
        }
        browser.open("about:blank");
        // a stream ends with its aggregator
        browser.complaints();
    }

    private static String legend(String title) {
        return browser.run("""
                const chart = [...document.querySelectorAll('figure.chart')]
                    .find((figure) => figure.offsetParent && figure.querySelector('strong').firstChild.textContent === arguments[0]);
                return [...chart?.querySelectorAll('.legend li') ?? []].map((item) => item.textContent.trim()).join(' ');
                """, title);
    }

    @Test
    void alerts_areALine(@TempDir Path directory) throws Exception {
        try (TestAggregator own = TestAggregator.start(redis.uri())) {
            await().atMost(PATIENCE).until(own::isReady);
            open(own, "");
            awaitRows(10);
            assertThat(browser.driver().findElement(By.id("alerts")).isDisplayed())
                    .isFalse();

            own.alertBy(Files.writeString(
                    directory.resolve("alerts"),
                    "rule few nodes < 1000\nrule idle cpu_usage < 2%\nrule many nodes > 5\n"
                            + "silence many until 2999-01-01T00:00Z"));
            browser.driver().navigate().refresh();

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(text("#alerts")).isEqualTo("Alerts: few, idle (6), 1 silenced"));
            // a stream ends with its aggregator
            browser.open("about:blank");
        }
    }

    @Test
    void key_isAskedFor_andStaysOutOfTheAddress() throws Exception {
        try (TestAggregator keyed = TestAggregator.start(new AggregatorSettings(
                HttpSettings.of(new InetSocketAddress("127.0.0.1", 0), 100, new ApiSecret("open-sesame")),
                AggregatorSettings.Insecure.NOT_SAID,
                RedisSettings.of(redis.uri()),
                Duration.ofSeconds(15),
                1_000))) {
            open(keyed, "");
            enterKey("wrong");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(text("#key-problem")).isEqualTo("That key was refused."));
            enterKey("open-sesame");
            awaitRows(10);

            assertThat(browser.driver().getCurrentUrl()).doesNotContain("sesame");
            assertThat(browser.complaints())
                    .allSatisfy(complaint -> assertThat(complaint).contains("401"));
            browser.driver().navigate().refresh();
            awaitRows(10);
        }
    }

    private static void enterKey(String key) {
        await().atMost(PATIENCE)
                .until(() -> browser.driver().findElement(By.id("key")).isDisplayed());
        browser.driver().findElement(By.id("key")).sendKeys(key, Keys.ENTER);
    }

    @Test
    void aggregatorGone_isSaidWithTheAge() throws Exception {
        TestAggregator own = TestAggregator.start(redis.uri());
        await().atMost(PATIENCE).until(own::isReady);
        open(own, "");
        awaitRows(10);

        own.close();

        // a stream that ends without a word is given up after 25 s of silence
        await().atMost(SILENCE)
                .untilAsserted(() -> assertThat(text("#trouble"))
                        .matches("Disconnected from the aggregator\\. These numbers are \\d+s old; trying again\\."));
        assertThat(rows()).isNotEmpty();
        browser.open("about:blank");
        assertThat(browser.complaints())
                .allSatisfy(complaint -> assertThat(complaint).contains("net::ERR_"));
    }

    @Test
    void axe_findsNothingSerious() throws Exception {
        List<Object> found = new ArrayList<>();
        for (String query : List.of("", "?theme=dark", "?node=uid-" + "chat-42".hashCode())) {
            open(query);
            await().atMost(PATIENCE).until(() -> text("#summary").contains("300 nodes"));
            try (InputStream axe = DashboardIT.class.getResourceAsStream(AXE)) {
                browser.run(new String(axe.readAllBytes(), UTF_8));
            }
            found.addAll(browser.await("""
                    const done = arguments[arguments.length - 1];
                    axe.run(document, {resultTypes: ['violations']}).then(
                        (result) => done(result.violations
                            .filter((one) => one.impact === 'serious' || one.impact === 'critical')
                            .map((one) => one.id + ': ' + one.nodes.map((node) => node.html).slice(0, 3).join(' '))),
                        (problem) => done([String(problem)]));
                    """));
        }
        assertThat(found).isEmpty();
        // axe looks for frames in a way that a strict page refuses
        browser.complaints();
    }

    @Test
    void modules_formatAndFilterAsTheySay() {
        open("");
        awaitRows(1);
        String base = browser.run("return document.querySelector('script[type=module]').src.replace('main.js', '')");
        List<Object> failures = browser.await("""
                const [base, done] = arguments;
                (async () => {
                  const format = await import(base + 'format.js');
                  const {parseFilter} = await import(base + 'filter.js');
                  const {eventParser} = await import(base + 'feed.js');
                  const failures = [];
                  const same = (actual, expected) => {
                    if (JSON.stringify(actual) !== JSON.stringify(expected)) {
                      failures.push(`${JSON.stringify(actual)} (expected: ${JSON.stringify(expected)})`);
                    }
                  };
                  same([0, 9999, 10000, 999499, 999500, 1234567].map(format.count), ['0', '9,999', '10.0 k', '999 k', '1.00 M', '1.23 M']);
                  same([0, 999, 1024, 1048576].map(format.bytes), ['0 B', '999 B', '1.00 KiB', '1.00 MiB']);
                  same([0, 999, 1000, 1500000, 59e9, 61e9].map(format.nanos), ['0', '999 ns', '1.00 µs', '1.50 ms', '59.0 s', '1m 01s']);
                  same([5, 62, 3661, 90000].map(format.seconds), ['5s', '1m 02s', '1h 01m', '1d 01h']);
                  const node = {state: 'lost', search: 'chat-1\\nabc', values: {name: 'chat-1', uid: 'abc', num_clients: 1500,
                    time_client_max: 5e6, memory_sys: 2 ** 30, cpu_usage: 50, started_at: 1000}};
                  const fits = (text) => parseFilter(text)(node, 1000 + 7200);
                  same(['', 'CHAT', '-chat', 'chat -abc', 'state:lost', 'state:live,lost', 'state:live', 'clients>1k', 'clients>=2k',
                    'client_max<=5ms', 'client_max>5ms', 'memory=1gib', 'cpu!=50', 'up>1h', 'up>3h', 'name=chat-1'].map(fits),
                    [true, true, false, false, true, true, false, true, false, true, false, true, false, true, false, true]);
                  const {historyPoints, withHoles} = await import(base + 'series.js');
                  const points = historyPoints({times: [0, 60, 120, 180], step: 60,
                    fields: {seconds: [60, null, 60, 30], num_clients: [1, null, 3, 4]}});
                  same(points.map(({at, total}) => [at, total?.num_clients]), [[60000, 1], [120000, undefined], [180000, 3]]);
                  same(withHoles([{at: 1000, span: 5000}, {at: 6000, span: 5000}, {at: 90000, span: 5000}]).length, 4);
                  const events = [];
                  const parse = eventParser((event) => events.push(event));
                  ['id: a.1\\nev', 'ent: x\\r\\ndata: {"a"', ':1}\\n', '\\n: comment\\n\\nda', 'ta: 2\\n\\n'].forEach(parse);
                  same(events, [{id: 'a.1', type: 'x', data: '{"a":1}'}, {id: 'a.1', type: 'message', data: '2'}]);
                  return failures;
                })().then(done, (problem) => done([String(problem)]));
                """, base);

        assertThat(failures).isEmpty();
    }
}
