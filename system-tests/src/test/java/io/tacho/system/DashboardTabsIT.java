// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tacho.embedded.EmbeddedRedis;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.interactions.Actions;

/** Several tabs of the dashboard, and what is shared with others: links, files, ranges. */
class DashboardTabsIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int TABS = 8;
    private static final Pattern READERS = Pattern.compile("(?m)^tacho_aggregator_event_readers (\\d+)");

    private static Browser browser;
    private static EmbeddedRedis redis;
    private static DashboardScene scene;

    @BeforeAll
    static void start() throws Exception {
        browser = Browser.start();
        redis = EmbeddedRedis.start();
        scene = DashboardScene.start(redis.uri(), 3, 0);
    }

    @AfterAll
    static void stop() throws Exception {
        if (browser != null) {
            browser.close();
            scene.close();
            redis.close();
        }
    }

    @AfterEach
    void noConsoleErrors() {
        assertThat(browser.consoleErrors()).isEmpty();
    }

    private static void open(String query) {
        browser.open(scene.url() + "/" + query);
    }

    private static void awaitText(String selector, String pattern) {
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(browser.<String>run(
                                "return document.querySelector(arguments[0])?.textContent ?? ''", selector))
                        .as(selector)
                        .matches("(?s)" + pattern));
    }

    private static String readers() throws Exception {
        Matcher matcher =
                READERS.matcher(scene.aggregator().send("/metrics?nodes=0").body());
        return matcher.find() ? matcher.group(1) : "none";
    }

    /** Browsers open six connections per host, so the seventh stream would stay without a connection. */
    @Test
    void eightTabs_shareOneStream_evenAfterItsTabCloses() throws Exception {
        String before = browser.driver().getWindowHandle();
        List<String> tabs = new ArrayList<>();
        for (int i = 0; i < TABS; i++) {
            browser.driver().switchTo().newWindow(WindowType.TAB);
            browser.driver().get(scene.url() + "/");
            tabs.add(browser.driver().getWindowHandle());
            awaitText("#verdict", "3 nodes live.*");
            awaitText("#cluster-name", "scene-3-0");
        }
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(readers()).isEqualTo("1"));

        browser.driver().switchTo().window(tabs.get(0));
        browser.driver().close();
        scene.join(1);

        for (String tab : tabs.subList(1, TABS)) {
            browser.driver().switchTo().window(tab);
            awaitText("#verdict", "4 nodes live.*");
            awaitText("#connection", "live");
        }
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(readers()).isEqualTo("1"));
        scene.leave(1);
        for (String tab : tabs.subList(1, TABS)) {
            browser.driver().switchTo().window(tab);
            awaitText("#verdict", "3 nodes live.*");
            browser.driver().close();
        }
        browser.driver().switchTo().window(before);
    }

    @Test
    void chart_dragZooms_doubleClickResets() {
        open("?range=1h");
        awaitText("#past", "steps of .*");
        WebElement chart = browser.driver().findElement(By.cssSelector("#charts .u-over"));
        browser.run("arguments[0].scrollIntoView({block: 'center'})", chart);

        new Actions(browser.driver())
                .moveToElement(chart, -60, 0)
                .clickAndHold()
                .moveByOffset(80, 0)
                .release()
                .perform();

        await().atMost(TIMEOUT)
                .untilAsserted(
                        () -> assertThat(browser.driver().getCurrentUrl()).matches(".*from=\\d+&to=\\d+.*"));
        awaitText("#custom-range summary", "\\d.*–.*\\d.*");
        awaitText("#past", "steps of .*");
        new Actions(browser.driver()).doubleClick(chart).perform();
        await().atMost(TIMEOUT)
                .untilAsserted(
                        () -> assertThat(browser.driver().getCurrentUrl()).doesNotContain("from="));
    }

    @Test
    void link_hasAbsoluteTimes_andShowsTheSameRangeLater() {
        open("?range=1h&compare=day");
        awaitText("#verdict", "3 nodes live.*");

        browser.driver().findElement(By.id("share")).click();

        awaitText("#notice", "(A link with absolute times was copied\\.|http.*from=\\d+&to=\\d+.*)");
        String base = browser.run("return document.querySelector('script[type=module]').src.replace('main.js', '')");
        String link = browser.await("""
                const [base, done] = arguments;
                import(base + 'sharing.js').then(({absoluteLink}) => import(base + 'address.js').then(({readAddress}) =>
                  done(absoluteLink(readAddress('?range=1h&compare=day'), 1795872000000))));
                """, base);
        assertThat(link).isEqualTo(scene.url() + "/?range=1h&from=1795868400&to=1795872000&compare=day");
    }

    @Test
    void tableAndCharts_canBeSavedAsFiles() throws Exception {
        long to = System.currentTimeMillis() / 60_000 * 60;
        String range = "from=" + (to - 3_600) + "&to=" + to;
        open("?" + range + "&columns=name,num_clients,label:zone");
        awaitText("#past", "steps of .*");
        awaitText("#table tr[data-uid]", ".*eu-west");
        browser.run("""
                URL.createObjectURL = (blob) => { window.saved = blob; return 'blob:none'; };
                HTMLAnchorElement.prototype.click = function () { window.savedName = this.download; };
                document.getElementById('save').click();
                """);

        assertThat(saved().lines()).startsWith("state,name,num_clients,label:zone", "live,chat-1,5414,eu-west");
        browser.run("document.querySelector('#charts .action').click()");
        assertThat(saved().lines().limit(2).toList())
                .first()
                .isEqualTo("time,num_msg_published_per_second,num_msg_queued_per_second,num_msg_sent_per_second");
        assertThat(saved().lines().skip(1)).allMatch(line -> line.matches("20\\d\\d-.*Z(,[0-9.]*){3}"));
        assertThat(Instant.parse(
                        saved().lines().skip(1).findFirst().orElseThrow().replaceFirst(",.*", "")))
                .as("the start of the first step, as in /history")
                .isEqualTo(Instant.ofEpochSecond(scene.aggregator()
                        .get("/history?" + range)
                        .at("/times/0")
                        .asLong()));
        browser.run("delete window.saved; document.querySelectorAll('#charts .action')[1].click()");
        await().atMost(TIMEOUT)
                .until(() -> browser.<Boolean>run("return window.saved?.type === 'image/png' && saved.size > 1000"));
        assertThat(browser.<String>run("return savedName")).matches("tacho-messages-.*\\.png");
    }

    private static String saved() {
        return browser.await("saved.text().then(arguments[0])");
    }
}
