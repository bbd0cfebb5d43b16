// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tacho.codec.SnapshotCodec;
import io.tacho.embedded.EmbeddedRedis;
import io.tacho.model.Field;
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.redis.RedisTransport;
import io.tacho.redis.connection.RedisSettings;
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

/** Opens the dashboard in a real browser, with a real Redis and several kinds of nodes. */
abstract class DashboardPage {

    static final Duration TIMEOUT = Duration.ofSeconds(20);
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
        await().atMost(TIMEOUT)
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
    void noConsoleErrors() {
        assertThat(browser.consoleErrors()).isEmpty();
    }

    static void publish(String name, int number, long ttlMillis) throws Exception {
        publish(publisher, name, number, ttlMillis, null);
    }

    static void publish(
            SnapshotPublisher there, String name, int number, long ttlMillis, @Nullable MetricsWindow window)
            throws Exception {
        long k = 1_000L * number;
        NodeSnapshot snapshot = NodeSnapshot.builder("uid-" + name.hashCode(), name)
                .set(Field.NUM_GOROUTINE, 20 + number)
                .set(Field.NUM_CLIENTS, k)
                .set(Field.NUM_UNIQUE_CLIENTS, k - 1)
                .set(Field.NUM_CHANNELS, 7 * k)
                .set(Field.STARTED_AT, 1_700_000_000L)
                .set(Field.GOMAXPROCS, 4)
                .set(Field.NUM_CPU, 8)
                .set(Field.NUM_MSG_PUBLISHED, k + 1)
                .set(Field.NUM_MSG_QUEUED, k + 2)
                .set(Field.NUM_MSG_SENT, k + 3)
                .set(Field.NUM_API_REQUESTS, k + 4)
                .set(Field.NUM_CLIENT_REQUESTS, k + 5)
                .set(Field.BYTES_CLIENT_IN, k * 1_024)
                .set(Field.BYTES_CLIENT_OUT, k * 5_000)
                .set(Field.TIME_API_MEAN, 250_000 + number)
                .set(Field.TIME_CLIENT_MEAN, 90_000 + number)
                .set(Field.TIME_API_MAX, 3_000_000 + k)
                .set(Field.TIME_CLIENT_MAX, 2_000_000 + k)
                .set(Field.MEMORY_SYS, 50_000_000 + k)
                .set(Field.CPU_USAGE, number % 100)
                .build();
        there.publish(SnapshotEnvelope.builder(snapshot)
                        .seq(1)
                        .ttlMillis(ttlMillis)
                        .metricsIntervalSeconds(10)
                        .window(window)
                        .build())
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
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(rows().size()).isGreaterThanOrEqualTo(atLeast));
    }

    static List<WebElement> rows() {
        return browser.driver().findElements(By.cssSelector("#table tbody tr[data-uid]"));
    }

    /** Returns the exact numbers of the first row by field, from its tooltips. */
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
