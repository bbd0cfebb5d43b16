// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tacho.aggregator.AggregatorSettings;
import io.tacho.aggregator.api.ApiKeys;
import io.tacho.aggregator.api.ApiSecret;
import io.tacho.redis.connection.RedisSettings;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** Silences are created and ended in the dashboard, with the admin key where the key of the tab may only read. */
class DashboardSilencesIT extends DashboardPage {

    private static final String READER = "reader-key";
    private static final String ADMIN = "admin-key";

    private static TestAggregator keyed;

    @BeforeAll
    static void startWithKeys(@TempDir Path directory) throws Exception {
        keyed = TestAggregator.start(
                AggregatorSettings.of(new InetSocketAddress("127.0.0.1", 0), RedisSettings.of(redis.uri()))
                        .withKeys(new ApiKeys(new ApiSecret(ADMIN), List.of(new ApiSecret(READER)))));
        Path rules = Files.writeString(
                directory.resolve("alerts"),
                "rule few nodes < 1000\nrule idle cpu_usage < 1%\nrule other nodes < 1\nsilence other until 2999-01-01T00:00Z");
        aggregator.setAlertConfig(rules);
        keyed.setAlertConfig(rules);
        await().atMost(TIMEOUT).until(() -> aggregator.alerts().path("firing").asInt() == 3);
    }

    @AfterAll
    static void stopWithKeys() {
        keyed.close();
    }

    @AfterEach
    void forgetKey() {
        browser.run("sessionStorage.clear()");
    }

    @Test
    void silence_withTheAdminKey_isCreatedListedAndEnded() {
        openAsReader();
        openDialog("chat-100");
        assertThat(text("#silence h2")).isEqualTo("Silence idle on chat-100");
        element("#silence-period").sendKeys("8 h");
        element("#silence-comment").sendKeys("upgrade <b>");
        click("#silence [type=submit]");

        // neither the read key nor a wrong key is sufficient
        enterKey("wrong");
        awaitText("#key-problem", "That key was rejected.");
        assertThat(text("#key-heading")).isEqualTo("This needs the admin key");
        click("#key-cancel");
        assertThat(element("#silence").isDisplayed()).isTrue();
        assertThat(key()).isEqualTo(READER);
        await().atMost(TIMEOUT).until(() -> element("#silence [type=submit]").isEnabled());
        click("#silence [type=submit]");
        enterKey(ADMIN);

        await().atMost(TIMEOUT).until(() -> !element("#silence").isDisplayed());
        awaitText("#alerts h2", "Alerts \\d+ firing, 1 silenced");
        awaitText("[data-silence]", "idle on chat-100 silenced until .* · upgrade <b> end");
        assertThat(text(".silences")).contains("other silenced until").contains("by the alert file");
        assertThat(key()).isEqualTo(ADMIN);
        String endsAt = browser.await("""
                const [key, done] = arguments;
                fetch('alerts', {headers: {'X-API-Key': key}}).then((response) => response.json())
                    .then(({silences}) => done(silences.find(({id}) => id).endsAt));
                """, ADMIN);
        assertThat(Duration.between(Instant.now(), Instant.parse(endsAt)))
                .isBetween(Duration.ofMinutes(479), Duration.ofHours(8));

        // the key is not requested again
        click("[data-silence] button");
        awaitText("#alerts h2", "Alerts \\d+ firing");
        awaitText(".silences", "other .*");
        assertThat(browser.consoleErrors())
                .hasSize(3)
                .allSatisfy(complaint -> assertThat(complaint).contains("401"));
    }

    @Test
    void serverError_isShown_andClusterAlertsAreSilencedUntilATime() {
        openAsReader();
        openDialog("few");
        element("#silence-period").sendKeys("until");
        setUntil("2020-01-01T00:00");
        click("#silence [type=submit]");
        enterKey(ADMIN);
        awaitText("#silence-problem", "endsAt: .* \\(expected: later than now and than startsAt\\)");

        setUntil("2999-01-01T00:00");
        click("#silence [type=submit]");
        awaitText("#silence-problem", "endsAt: 2999.* \\(expected: within a year\\)");
        assertThat(text("#silence-line")).startsWith("silence few until ");
        click("#silence-cancel");

        assertThat(browser.consoleErrors())
                .hasSize(3)
                .allSatisfy(complaint -> assertThat(complaint).containsAnyOf("401", "400"));
    }

    @Test
    void aggregatorWithoutAdminKey_isShownAsTheReason() {
        open("");
        openDialog("few");

        click("#silence [type=submit]");

        awaitText("#silence-problem", "this aggregator has no admin key .*");
        assertThat(browser.consoleErrors())
                .singleElement()
                .satisfies(complaint -> assertThat(complaint).contains("403"));
    }

    @Test
    void aggregatorStopped_isShownAsTheReason() {
        open("");
        openDialog("few");
        browser.run("window.fetch = () => Promise.reject(new TypeError('Failed to fetch'))");

        click("#silence [type=submit]");

        awaitText("#silence-problem", "The aggregator does not respond\\.");
        assertThat(element("#silence [type=submit]").isEnabled()).isTrue();
    }

    private static void openAsReader() {
        open(keyed, "");
        enterKey(READER);
        awaitRows(10);
        assertThat(browser.consoleErrors())
                .allSatisfy(complaint -> assertThat(complaint).contains("401"));
    }

    private static void openDialog(String subject) {
        By button = By.xpath("//section[@id='alerts']//tr[contains(., '" + subject + "')]//button");
        await().atMost(TIMEOUT)
                .ignoreExceptions()
                .untilAsserted(() -> browser.driver().findElement(button).click());
    }

    private static void setUntil(String time) {
        browser.run("""
                const input = document.querySelector('#silence-until');
                input.value = arguments[0];
                input.dispatchEvent(new Event('change'));
                """, time);
    }

    private static void enterKey(String key) {
        await().atMost(TIMEOUT).until(() -> element("#key").isDisplayed());
        element("#key").sendKeys(key, Keys.ENTER);
    }

    private static String key() {
        return browser.run("return sessionStorage.getItem('tacho-key')");
    }

    private static void awaitText(String selector, String pattern) {
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(text(selector)).matches(pattern));
    }

    private static void click(String selector) {
        element(selector).click();
    }

    private static WebElement element(String selector) {
        return browser.driver().findElement(By.cssSelector(selector));
    }
}
