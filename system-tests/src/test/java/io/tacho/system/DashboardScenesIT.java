// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tacho.embedded.EmbeddedRedis;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.testing.FreePorts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;

/**
 * The dashboard of whole scenes: none, three and a thousand nodes, lost ones, an outlier and alerts, in both themes and on four
 * widths. With {@code -Dtacho.screenshots=DIRECTORY} it writes a picture of each, also of ten thousand nodes.
 */
class DashboardScenesIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final String AXE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";
    private static final String SCREENSHOTS = System.getProperty("tacho.screenshots", "");
    private static final int[] WIDTHS = {390, 820, 1440, 2560};
    private static final int MANY = SCREENSHOTS.isEmpty() ? 1_000 : 10_000;

    @TempDir
    private static Path directory;

    private static Browser browser;
    private static EmbeddedRedis redis;
    private static final List<DashboardScene> scenes = new ArrayList<>();
    private static DashboardScene few;
    private static DashboardScene faulty;
    private static DashboardScene many;

    @BeforeAll
    static void start() throws Exception {
        browser = Browser.start();
        redis = EmbeddedRedis.start();
        few = scene(3, 0);
        faulty = scene(41, 1);
        faulty.awaitOutlier(41);
        faulty.fireAlerts(directory);
        many = scene(MANY, 12);
    }

    private static DashboardScene scene(int nodes, int lost) throws Exception {
        DashboardScene scene = DashboardScene.start(redis.uri(), nodes, lost);
        scenes.add(scene);
        return scene;
    }

    @AfterAll
    static void stop() throws Exception {
        if (browser != null) {
            browser.close();
            for (DashboardScene scene : scenes) {
                scene.close();
            }
            redis.close();
        }
    }

    @AfterEach
    void noConsoleErrors() {
        browser.driver().manage().window().setSize(new Dimension(1440, 1000));
        assertThat(browser.consoleErrors()).isEmpty();
    }

    private static void open(DashboardScene scene, String query) {
        browser.open(scene.url() + "/" + query);
    }

    private static String text(String selector) {
        return browser.run("return document.querySelector(arguments[0])?.textContent ?? ''", selector);
    }

    private static void awaitText(String selector, String pattern) {
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(text(selector)).as(selector).matches("(?s)" + pattern));
    }

    private static void click(String selector) {
        browser.driver().findElement(By.cssSelector(selector)).click();
    }

    private static boolean isShown(String selector) {
        return browser.run("return document.querySelector(arguments[0])?.checkVisibility() ?? false", selector);
    }

    @Test
    void verdict_partsLinkToTheirDetails() {
        open(faulty, "");

        awaitText(
                "#verdict",
                "41 nodes live" + "chat-42 lost \\d+ (s|min) ago" + "chat-18 outlier \\(API latency [34]\\.\\d ×\\)"
                        + "3 alerts1 warning");
        assertThat(browser.<String>run("return document.getElementById('verdict').dataset.level"))
                .isEqualTo("bad");
        assertThat(browser.driver().getTitle()).isEqualTo("✕ chat-42 lost · 41 nodes · scene-41-1");
        assertThat(browser.<String>run("return document.querySelector('link[rel=icon]').href"))
                .endsWith("/icon-bad.svg");
        awaitText("#announcer", "41 nodes live, chat-42 lost, chat-18 outlier .*");

        click("#verdict a[data-node=uid-17]");
        awaitText("#node .deviations", "Outlier since .*: API latency .* the median of 41 nodes\\.");
        assertThat(text("#node .facts")).contains("web-5", "6.1.0", "ap-south");
        browser.driver().navigate().back();
        click("#verdict a[data-node=uid-41]");
        awaitText("#node .title", "chat-42lostlost \\d+ (s|min) ago; these are its last numbers");
        assertThat(text("[data-field=num_clients] .value")).isNotEqualTo("0");
        assertThat(text("#node .membership")).contains("lost", "joined");
        assertThat(text("#node .facts")).contains("host", "web-11");
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(
                                browser.<String>run(
                                        "return [...document.querySelectorAll('#node .canvas')].map((one) => one.ariaLabel).join()"))
                        .containsPattern("Clients over time\\. Now: clients [1-9]")
                        .containsPattern("Memory over time\\. Now: memory [1-9]")
                        .containsPattern("API latency over time\\. Now: mean [1-9]"));
    }

    @Test
    void numbers_areConsistent_andHaveUnits() {
        open(many, "");

        awaitText("[data-tile=nodes] .value", MANY == 1_000 ? "1,000" : "10,000");
        awaitText("[data-tile=cpu_usage] .value", "\\d\\d %");
        assertThat(text("[data-tile=cpu_usage] .detail")).matches("[0-9,]+ of [0-9,]+ cores");
        awaitText("[data-tile=num_unique_clients] .value", "≤ .*");
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(text("[data-total=num_unique_clients]"))
                        .isEqualTo(text("[data-tile=num_unique_clients] .value")));
        assertThat(text("[data-total=cpu_usage]")).endsWith(" cores");
        assertThat(text("[data-column=num_msg_sent]")).isEqualTo("Sent/1s");
        assertThat(text("[data-tile=num_msg_sent] .value")).endsWith("/s");
        assertThat(browser.<List<String>>run("return [...document.querySelectorAll('[data-tile^=bytes] .value')]"
                        + ".map((one) => one.textContent)"))
                .allMatch(value -> value.matches(".* [KMGT]?i?B/s"));
    }

    /** A beat without a sketch at a window boundary does not change the number of users. */
    @Test
    void users_sketchMissingForOneBeat_estimateIsUnchanged() {
        open(few, "");
        awaitText("#verdict", "3 nodes live.*");
        String base = browser.run("return document.querySelector('script[type=module]').src.replace('main.js', '')");

        List<Object> users = browser.await("""
                const [base, done] = arguments;
                import(base + 'facts.js').then(({SteadyUnions}) => {
                  const unions = new SteadyUnions();
                  const facts = (bound, max, sum) => ({numbers: {users: bound ? sum : 20}, upper_bounds: bound ? ['users'] : [],
                    merged: {users: {max, sum, ...(bound ? {} : {union: {lower: 19, estimate: 20, upper: 21}})}}});
                  const shown = (found) => [found.numbers.users, found.upper_bounds.length];
                  done([shown(unions.apply(facts(false, 12, 30), 5, 0)), shown(unions.apply(facts(true, 12, 30), 5, 5000)),
                    shown(unions.apply(facts(true, 25, 30), 5, 6000)), shown(unions.apply(facts(true, 12, 30), 5, 60000))].flat());
                }, (problem) => done([String(problem)]));
                """, base);

        assertThat(users.stream().map(String::valueOf)).containsExactly("20", "0", "20", "0", "25", "0", "30", "1");
    }

    @Test
    void redisUnreachable_instructionsAreShownInsteadOfNumbers() throws Exception {
        int closedPort = FreePorts.any();
        try (TestAggregator aggregator = TestAggregator.start(RedisSettings.of("redis://127.0.0.1:" + closedPort))) {
            browser.open(aggregator.url() + "/");

            awaitText(
                    "#start",
                    "This aggregator has not reached Redis yet.*redis-cli -u redis://127\\.0\\.0\\.1:" + closedPort
                            + " ping.*");
            assertThat(isShown("#overview")).isFalse();
            assertThat(text("#verdict")).isEqualTo("no numbers: Redis was not reached yet");
            assertThat(text("#connection")).isEqualTo("not connected to Redis");
            assertThat(browser.<String>run("return document.getElementById('verdict').dataset.level"))
                    .isEqualTo("bad");
            browser.open("about:blank");
        }
    }

    @Test
    void noNodes_threeCommandsToStartANodeAreShown() throws Exception {
        try (DashboardScene empty = DashboardScene.start(redis.uri(), 0, 0)) {
            open(empty, "");

            awaitText("#start h2", "No nodes yet");
            assertThat(browser.driver().findElements(By.cssSelector("#start code")))
                    .hasSize(3)
                    .allMatch(command ->
                            command.getText().matches("\\./tacho (agent|demo node|swarm) .*--redis redis://.*"));
            assertThat(isShown("#overview")).isFalse();
            if (!SCREENSHOTS.isEmpty()) {
                screenshots("0-nodes", empty);
            }
            browser.open("about:blank");
        }
    }

    @Test
    void rangeLongerThanTheHistory_chartsCoverTheWholeRange() {
        for (String range : List.of("1h", "24h")) {
            open(few, "?range=" + range);
            awaitText("#past", "steps of .*");
            assertThat(text("#past")).contains(range.equals("24h") ? "known since" : "are gaps");
            awaitLegend("Clients", "clients [1-9].*");
        }
        assertThat(browser.<Number>run("return [...document.querySelectorAll('#charts .canvas')].length")
                        .intValue())
                .isEqualTo(9);
        open(few, "");
        awaitLegend("Clients", "clients [1-9].*");
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(
                                browser.<String>run(
                                        "return document.querySelector('[data-tile=num_clients] path').getAttribute('d') ?? ''"))
                        .as("filled at once, from the history")
                        .hasSizeGreaterThan(60));
    }

    private static void awaitLegend(String title, String pattern) {
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(browser.<String>run("""
                        const chart = [...document.querySelectorAll('#charts figure.chart')]
                            .find((figure) => figure.querySelector('strong').firstChild.textContent === arguments[0]);
                        return [...chart?.querySelectorAll('.legend li') ?? []].map((item) => item.textContent.trim()).join(' ');
                        """, title)).matches(pattern));
    }

    @Test
    void table_laptop_hasAtLeastTwelveRows_phone_isFirst() {
        browser.driver().manage().window().setSize(new Dimension(1440, 900));
        open(many, "");
        awaitText("#shown", "[0-9,]+");
        await().atMost(TIMEOUT)
                .untilAsserted(
                        () -> assertThat(browser.<Number>run("""
                return [...document.querySelectorAll('#table tr[data-uid]')]
                    .filter((row) => row.getBoundingClientRect().bottom <= innerHeight).length;
                """).intValue()).isGreaterThanOrEqualTo(12));

        browser.driver().manage().window().setSize(new Dimension(390, 844));
        open(few, "");
        awaitText("#shown", "3");
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(
                                browser.<String>run(
                                        "return document.querySelector('#table tr[data-uid]')?.innerText.replace(/\\s+/g, ' ') ?? ''"))
                        .matches("live chat-1 [0-9,.k ]+ [0-9,.k ]+ [0-9.]+ µs [0-9]+ %"));
        assertThat(browser.<Number>run(
                                "return document.querySelector('#table tr[data-uid]').getBoundingClientRect().top")
                        .intValue())
                .isLessThan(450);
        open(few, "?node=uid-1");
        awaitText("[data-field=num_clients] .value", "[0-9,]+");
        assertThat(browser.<Boolean>run("""
                const value = document.querySelector('[data-field=num_clients] .value').getBoundingClientRect();
                return value.width > 0 && value.right <= innerWidth;
                """)).as("values are visible").isTrue();
    }

    @Test
    void identityLabelsAndVersion_areShown_andCanBeColumnsAndFilters() {
        open(faulty, "?columns=name,host,version,label:zone&sort=-version&q=zone%3Dus*");

        awaitText("#shown", "14 of 42");
        assertThat(text("#table tr[data-uid]")).contains("us-east");
        awaitText("#cluster-name", "scene-41-1");
        assertThat(text("#identity")).matches("aggregator .+ · Tacho .+ · Redis 127\\.0\\.0\\.1:\\d+, connected");

        open(faulty, "?q=is:outlier");
        awaitText("#shown", "1 of 42");
        browser.driver().findElement(By.tagName("body")).sendKeys("?");
        awaitText("#help", ".*zone!=eu.*client_mean.*");
        browser.driver().findElement(By.id("help")).sendKeys(Keys.ESCAPE);
    }

    @Test
    void map_hasACellPerNode_groupsFilter() {
        open(many, "?group=label:zone&color=cpu_usage");

        await().atMost(TIMEOUT)
                .until(() -> browser.driver()
                                .findElements(By.cssSelector(".map-group"))
                                .size()
                        == 3);
        browser.driver()
                .findElement(By.xpath("//button[starts-with(text(),'eu-west')]"))
                .click();
        awaitText("#shown", "[0-9,]+ of [0-9,]+");
        assertThat(browser.driver().getCurrentUrl()).contains("q=label:zone%3Deu-west");
        browser.run("""
                const canvas = document.querySelector('.map-group canvas');
                const box = canvas.getBoundingClientRect();
                canvas.dispatchEvent(new MouseEvent('click', {bubbles: true, clientX: box.left + 2, clientY: box.top + 2}));
                """);
        await().atMost(TIMEOUT).until(() -> isShown("#node h2"));
    }

    @Test
    void alert_hasTheConfigLineOfItsSilence() {
        open(faulty, "");
        await().atMost(TIMEOUT)
                .until(() -> browser.driver()
                                .findElements(By.cssSelector(".silence"))
                                .size()
                        == 3);

        browser.driver()
                .findElement(By.xpath("//tr[contains(., 'api-slow')]//button"))
                .click();

        awaitText("#silence-line", "silence api-slow node=chat-18 until 20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\dZ");
        browser.driver().findElement(By.id("silence-cancel")).click();
    }

    /** Windows are kept for a day, hours for months. */
    @Test
    void longRanges_useHoursAndDays() {
        open(few, "?range=30d");
        awaitText("#verdict", "3 nodes live.*");
        String base = browser.run("return document.querySelector('script[type=module]').src.replace('main.js', '')");

        List<Object> found = browser.await("""
                const [base, done] = arguments;
                (async () => {
                  const {historyQuery, unitOf} = await import(base + 'past.js');
                  const {historyPoints, aligned} = await import(base + 'series.js');
                  const day = 86_400_000;
                  const query = (days, fixed) => historyQuery({from: 0, to: days * day, isFixed: fixed}, fixed ? 0 : 86_400,
                    unitOf({from: 0, to: days * day})).replace(/&fields.*/, '');
                  const hours = historyPoints({times: [0, 3600, 7200], unit: 'hour', fields: {seconds: [3600, 3600, 60], num_clients: [7, 8, 9]}});
                  const beside = aligned([{at: 1_800_000}, {at: 3_600_001}, {at: 90_000_000}], hours);
                  return [query(1, true), query(7, true), query(365, false), hours.length, beside.map((one) => one?.total.num_clients ?? '–').join()];
                })().then(done, (problem) => done([String(problem)]));
                """, base);

        assertThat(found.stream().map(String::valueOf))
                .containsExactly(
                        "history?from=0&to=86400",
                        "history?from=0&to=604800&unit=hour",
                        "history?from=-31622400s&to=-86400s&unit=day",
                        "2",
                        "7,8,–");
    }

    @Test
    void comparison_byVersion() {
        open(faulty, "?color=cpu_usage");
        awaitText("#comparison .chart strong", "CPU per node by version.*");
        awaitText("#comparison .chart .legend", "6\\.1\\.0 \\d+ %6\\.2\\.0-rc1 \\d+ %");

        awaitText("#comparison tbody", "6\\.1\\.0.*6\\.2\\.0-rc1.*");
        assertThat(text("#comparison tbody tr:nth-child(2)")).matches("6\\.2\\.0-rc17.*[+−]\\d+ %.*");
    }

    @Test
    void scenes_inAllWidths_areAccessible_andLogNothing() throws Exception {
        List<String> found = new ArrayList<>();
        found.addAll(axe(few, "?theme=dark"));
        found.addAll(axe(faulty, ""));
        found.addAll(axe(faulty, "?node=uid-17&theme=dark"));
        browser.driver().manage().window().setSize(new Dimension(390, 844));
        found.addAll(axe(faulty, "?group=label:zone"));

        assertThat(found).isEmpty();
        // axe searches frames in a way that the Content-Security-Policy rejects
        browser.consoleErrors();
        if (!SCREENSHOTS.isEmpty()) {
            screenshots("3-nodes", few);
            screenshots("41-nodes-1-lost-3-alerts", faulty);
            screenshots("1000-nodes-12-lost", scene(1_000, 12));
            screenshots(MANY + "-nodes-12-lost", many);
            measureLongTasks();
        }
    }

    private static List<String> axe(DashboardScene scene, String query) throws IOException {
        open(scene, query);
        awaitText("#verdict", ".*nodes? live.*|no nodes.*|0 nodes.*");
        try (InputStream axe = DashboardScenesIT.class.getResourceAsStream(AXE)) {
            browser.run(new String(axe.readAllBytes(), UTF_8));
        }
        return browser.await("""
                const done = arguments[arguments.length - 1];
                axe.run(document, {resultTypes: ['violations']}).then(
                    (result) => done(result.violations
                        .map((one) => one.id + ': ' + one.nodes.map((node) => node.html).slice(0, 3).join(' '))),
                    (problem) => done([String(problem)]));
                """);
    }

    /** Tasks of more than 50 ms delay a click; those of 100 ms are noticed. Measured with ten thousand nodes, without others' load. */
    private static void measureLongTasks() throws IOException {
        open(many, "?group=label:zone");
        awaitText("#verdict", ".*nodes live.*");
        await().pollDelay(Duration.ofSeconds(5)).until(() -> true);
        List<Object> tasks = browser.await("""
                const done = arguments[arguments.length - 1];
                const found = [];
                new PerformanceObserver((list) => list.getEntries().forEach(({duration}) => found.push(duration))).observe({type: 'longtask'});
                setTimeout(() => done(found), 10_000);
                """);
        Files.writeString(Path.of(SCREENSHOTS, "long-tasks.txt"), "milliseconds within 10 s: " + tasks + "\n");
    }

    /** Writes a picture for each width and theme, each of which is accessible. */
    private static void screenshots(String name, DashboardScene scene) throws IOException {
        Files.createDirectories(Path.of(SCREENSHOTS));
        for (int width : WIDTHS) {
            for (String theme : List.of("light", "dark")) {
                browser.driver().manage().window().setSize(new Dimension(width, width < 800 ? 844 : 1_000));
                assertThat(axe(scene, "?theme=" + theme))
                        .as("%s, %s px, %s", name, width, theme)
                        .isEmpty();
                await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
                Files.write(Path.of(SCREENSHOTS, name + "-" + width + "-" + theme + ".png"), browser.screenshot());
            }
        }
        // axe reads canvases
        browser.consoleErrors();
    }
}
