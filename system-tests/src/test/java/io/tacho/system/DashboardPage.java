// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tacho.codec.SnapshotCodec;
import io.tacho.embedded.EmbeddedRedis;
import io.tacho.model.IntervalMetrics;
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeInfo;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.redis.RedisSettings;
import io.tacho.redis.RedisTransport;
import io.tacho.store.SnapshotPublisher;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** The dashboard in a real browser, over a real Redis with nodes of all kinds. */
abstract class DashboardPage {

    static final Duration PATIENCE = Duration.ofSeconds(20);
    static final int NODES = 300;
    static final String HOSTILE = "<img src=x onerror=\"document.title='owned'\">";

    static Browser browser;
    static EmbeddedRedis redis;
    static RedisTransport transport;
    static SnapshotPublisher publisher;
    static TestAggregator aggregator;

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

    static void publish(String name, int number, long ttlMillis) throws Exception {
        publish(publisher, name, number, ttlMillis, null);
    }

    static void publish(
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

    static void open(String query) {
        open(aggregator, query);
    }

    static void open(TestAggregator which, String query) {
        browser.open(which.url() + "/" + query);
    }

    static void awaitRows(int atLeast) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(rows().size()).isGreaterThanOrEqualTo(atLeast));
    }

    static List<WebElement> rows() {
        return browser.driver().findElements(By.cssSelector("#table tbody tr[data-uid]"));
    }

    /** The exact numbers of the first row, as its hovers have them, by field. */
    static Map<String, String> firstRow() {
        return browser.run("""
                const columns = [...document.querySelectorAll('#table thead [data-column]')].map(head => head.dataset.column);
                const cells = document.querySelector('#table tbody tr[data-uid]').children;
                return Object.fromEntries(columns.map((column, index) => [column, cells[index].title]));
                """);
    }

    static String text(String selector) {
        return browser.run("return document.querySelector(arguments[0])?.textContent ?? ''", selector);
    }

    static String title(String selector) {
        return browser.run("return document.querySelector(arguments[0])?.title ?? ''", selector);
    }

    static String names() {
        return browser.run(
                "return [...document.querySelectorAll('#table tbody th')].map(name => name.textContent).join()");
    }

    static String digits(String exact) {
        return exact.replaceFirst("[:(].*", "").replaceAll("[^0-9]", "");
    }
}
