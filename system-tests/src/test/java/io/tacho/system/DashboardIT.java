// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** Tests the content and the navigation of the dashboard. */
class DashboardIT extends DashboardPage {

    private static final String ALL_COLUMNS = "&columns=name,uid,num_clients,num_unique_clients,num_channels,"
            + "num_msg_published,num_msg_queued,num_msg_sent,num_client_requests,num_api_requests,bytes_client_in,"
            + "bytes_client_out,time_client_mean,time_client_max,time_api_mean,time_api_max,memory_sys,cpu_usage,"
            + "num_goroutine,gomaxprocs,num_cpu,started_at";

    @Test
    void numbers_equalTheApi() throws Exception {
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
    void totals_equalTheApi() throws Exception {
        JsonNode merged = aggregator.cluster().path("merged");
        open("");
        awaitRows(10);
        await().atMost(TIMEOUT)
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

    /** The vulnerability of uPlot before 1.6.31, CVE-2024-21489. */
    @Test
    void charts_doNotChangeThePrototypeOfObjects() {
        open("");
        awaitRows(10);

        assertThat((Object) browser.run("uPlot.assign({}, JSON.parse('{\"__proto__\":{\"polluted\":1}}'));"
                        + " return ({}).polluted ?? 'none';"))
                .isEqualTo("none");
    }

    @Test
    void manyNodes_onlyVisibleRowsAreRendered() {
        open("?sort=-num_clients");
        awaitRows(10);

        assertThat(rows().size()).isLessThan(70);
        assertThat(names()).startsWith("chat-299,chat-298,chat-297");
        assertThat(browser.driver().findElement(By.cssSelector("#table table")).getDomAttribute("aria-rowcount"))
                .isEqualTo("302");
        browser.run("const table = document.getElementById('table'); table.scrollTop = table.scrollHeight");
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(names()).endsWith("chat-2," + HOSTILE + ",chat-1"));
    }

    @Test
    void nodeNameWithHtml_isText() {
        open("?sort=num_clients");
        awaitRows(10);

        assertThat(names()).contains(HOSTILE);
        assertThat(browser.driver().findElements(By.tagName("img"))).isEmpty();
        assertThat(browser.driver().getTitle()).contains("300 nodes");
    }

    @Test
    void filterSortAndTheme_areInTheUrl_reloadShowsTheSame() {
        open("");
        awaitRows(10);
        browser.driver()
                .findElement(By.cssSelector("[data-column=cpu_usage] button"))
                .click();
        browser.driver().findElement(By.cssSelector("[data-theme-choice=dark]")).click();
        browser.driver().findElement(By.id("filter")).sendKeys("clients>=290k");
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(text("#shown")).isEqualTo("10 of 300"));
        String names = names();
        String address = browser.driver().getCurrentUrl();

        assertThat(address).contains("sort=-cpu_usage").contains("theme=dark").contains("q=clients");
        assertThat(names).startsWith("chat-299,chat-298");

        browser.open(address);

        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(names()).isEqualTo(names));
        assertThat(browser.<String>run("return getComputedStyle(document.documentElement).colorScheme"))
                .isEqualTo("dark");
        assertThat(browser.driver()
                        .findElement(By.cssSelector("[data-column=cpu_usage]"))
                        .getDomAttribute("aria-sort"))
                .isEqualTo("descending");
    }

    @Test
    void invalidFilter_isReported() {
        open("?q=clients%3Emany");
        awaitRows(10);

        assertThat(text("#filter-problem"))
                .isEqualTo("clients>many: 'many' (expected: a number, with or without one of k, m, g)");
    }

    @Test
    void nodePage_opensAndClosesByKeyboard() {
        open("?q=name%3Dchat-42");
        awaitRows(1);
        browser.driver().findElement(By.cssSelector("#table tbody a")).sendKeys(Keys.ENTER);

        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(text("#node h2")).isEqualTo("chat-42"));
        await().atMost(TIMEOUT)
                .untilAsserted(
                        () -> assertThat(text("[data-field=num_clients] .raw")).isEqualTo("42,000"));
        assertThat(browser.driver().getCurrentUrl()).contains("node=uid-");
        browser.driver().navigate().back();
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(text("#shown")).isEqualTo("1 of 300"));
    }

    @Test
    void modules_formatAndFilterValues() {
        assertModules("""
                  const format = await import(base + 'format.js');
                  const {parseFilter} = await import(base + 'filter.js');
                  const {eventParser} = await import(base + 'feed.js');
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
                """);
    }

    /** Events that are replayed after a reconnect arrive at the time of that; the recorded changes have the true times. */
    @Test
    void cluster_takesTheTimesOfRecordedChanges() {
        assertModules("""
                  const {Cluster} = await import(base + 'cluster.js');
                  const now = 50_000_000;
                  const listed = (cluster) => cluster.membership.map(({at, type}) => [at, type]);
                  const cluster = new Cluster();
                  cluster.apply({type: 'snapshot', data: {uid: 'u', name: 'n', state: 'live', node: {}}}, 1_000_000);
                  cluster.apply({type: 'lost', data: {uid: 'u', name: 'n'}}, now);
                  const lost = {time: 4_000_000, change: 'lost', uid: 'u', name: 'n', node: {}};
                  cluster.load([lost], now);
                  same(listed(cluster), [[4_000_000, 'lost']]);
                  same(cluster.nodes.get('u').goneAt, 4_000_000);
                  cluster.load([lost], now);
                  same(listed(cluster), [[4_000_000, 'lost']]);
                  cluster.apply({type: 'lost', data: {uid: 'u', name: 'n'}}, now + 1);
                  cluster.load([lost], now + 2);
                  same(listed(cluster), [[now + 1, 'lost'], [4_000_000, 'lost']]);
                  cluster.load([{...lost, time: now - 5}, lost], now + 3);
                  same(listed(cluster), [[now - 5, 'lost'], [4_000_000, 'lost']]);
                """);
    }

    @Test
    void verdict_isBadWithoutAnyNodeLeft_andWarnsOfOldDetails() {
        assertModules("""
                  const {judge} = await import(base + 'verdict.js');
                  const level = (change) => judge({present: 0, states: {live: 0}, hadNodes: false, lost: [], outliers: [], alerts: [], warnings: [],
                    detailsAge: 0, disconnection: null, now: 0, ...change}).level;
                  same([{}, {hadNodes: true}, {hadNodes: true, present: 1}, {detailsAge: 31_000}].map(level), ['good', 'bad', 'good', 'warn']);
                """);
    }

    @Test
    void history_thatIsNotAvailable_isReportedAndKept() {
        assertModules("""
                  const {Past} = await import(base + 'past.js');
                  let isAvailable = true;
                  const past = new Past(async () => {
                    if (!isAvailable) {
                      throw new Error('status 503');
                    }
                    return {json: async () => ({times: [0], step: 60, fields: {seconds: [60]}}), headers: new Headers()};
                  });
                  const follow = async (now) => {
                    await past.follow({from: 0, to: 3_600_000}, now);
                    return [past.points.length, past.note];
                  };
                  same(await follow(0), [1, 'steps of 1m']);
                  isAvailable = false;
                  same(await follow(12_000), [1, 'The history is not available now; trying again.']);
                  isAvailable = true;
                  same(await follow(22_000), [1, 'steps of 1m']);
                """);
    }

    @Test
    void series_isFilledByTheHistoryWhereNothingWasReceived() {
        assertModules("""
                  const {LiveSeries} = await import(base + 'series.js');
                  const series = new LiveSeries(900);
                  const minutes = Array.from({length: 11}, (_, minute) => ({at: 60_000 * minute, span: 60_000, interval: 60, total: {}}));
                  series.add(0, 60, {});
                  series.add(600_000, 60, {});
                  same(series.points().filter(({total}) => total === null).length, 1);
                  for (let round = 0; round < 2; round++) {
                    series.load(minutes);
                    same(series.points().map(({at}) => at), minutes.map(({at}) => at));
                  }
                """);
    }

    @Test
    void pageThatBecomesVisible_loadsWhatItMissed() {
        open("");
        awaitRows(10);
        String loaded =
                "return performance.getEntriesByType('resource').filter(({name}) => /\\/history/.test(name)).length";
        await().atMost(TIMEOUT).until(() -> browser.<Long>run(loaded) == 1);

        browser.run("document.dispatchEvent(new Event('visibilitychange'))");

        await().atMost(TIMEOUT).until(() -> browser.<Long>run(loaded) == 2);
    }

    @Test
    void timesOfOtherDays_haveADate() {
        assertModules("""
                  const {timestamp} = await import(base + 'format.js');
                  const {Timeline} = await import(base + 'timeline.js');
                  const now = new Date(2026, 10, 28, 9, 5, 7).getTime();
                  const days = 86_400_000;
                  same([now, now - days / 2, now - days].map((at) => timestamp(at, now)), ['09:05:07', '21:05:07', 'Nov 27, 09:05']);
                  const list = document.createElement('ol');
                  const timeline = new Timeline(list, {}, () => '');
                  const membership = [{at: now, type: 'lost', uid: 'u', name: 'n'}];
                  timeline.render(membership, now);
                  same(list.querySelector('time').textContent, '09:05:07');
                  timeline.render(membership, now + days);
                  same(list.querySelector('time').textContent, 'Nov 28, 09:05');
                """);
    }

    @Test
    void days_areThoseOfTheZoneOfTheHistory() {
        assertModules("""
                  const {pointTime} = await import(base + 'charts.js');
                  const {historyPoints} = await import(base + 'series.js');
                  const start = Date.UTC(2026, 10, 27) / 1000;
                  const days = ['UTC', 'Pacific/Kiritimati', 'Pacific/Niue', 'Mars/Olympus'].map((zone) =>
                    pointTime(historyPoints({times: [start], unit: 'day', zone, fields: {seconds: [86_400]}})[0]));
                  same(days.slice(0, 3), ['Nov 27', 'Nov 27', 'Nov 26']);
                  same(/^Nov 2[67]$/.test(days[3]), true);
                """);
    }

    /** Of two tabs the leader loads its view again while the other one joins. */
    @Test
    void tabThatJoinsDuringALoad_receivesTheWholeView() {
        assertModules("""
                  const {Cluster} = await import(base + 'cluster.js');
                  const {SharedFeed} = await import(base + 'shared-feed.js');
                  const until = async (condition) => {
                    for (const end = Date.now() + 10_000; !condition() && Date.now() < end;) {
                      await new Promise((resolve) => setTimeout(resolve, 10));
                    }
                  };
                  let stream;
                  const real = window.fetch;
                  window.fetch = (path, options) => (path !== 'own' ? real(path, options)
                    : Promise.resolve(new Response(new ReadableStream({start: (controller) => {
                      stream = controller;
                    }}))));
                  const send = (type, data) =>
                    stream.enqueue(new TextEncoder().encode(`event: ${type}\\ndata: ${JSON.stringify(data)}\\n\\n`));
                  const snapshot = (uid) => send('snapshot', {uid, name: uid, state: 'live', node: {}});
                  const channels = [];
                  window.BroadcastChannel = class {
                    constructor() {
                      channels.push(this);
                    }

                    postMessage(data) {
                      channels.filter((one) => one !== this).forEach((one) => queueMicrotask(() => one.onmessage({data: structuredClone(data)})));
                    }
                  };
                  const tab = () => {
                    const cluster = new Cluster();
                    const states = [];
                    const feed = new SharedFeed({path: 'own', headers: () => ({}), replay: () => cluster.replay(),
                      take: (event) => cluster.apply(event, Date.now()), status: (state) => states.push(state)});
                    feed.start();
                    return {cluster, states, uids: () => cluster.present().map(({uid}) => uid)};
                  };
                  const leader = tab();
                  await until(() => stream);
                  ['gone', 'a'].forEach((uid) => snapshot(uid));
                  send('synced', {});
                  await until(() => leader.cluster.synced);
                  same(leader.cluster.replay().length, 4);
                  send('reset', {});
                  snapshot('a');
                  snapshot('b');
                  await until(() => leader.uids().length === 3);
                  same(leader.cluster.replay(), null);
                  const other = tab();
                  await until(() => other.states.length > 0);
                  same([other.states, other.uids()], [['open'], []]);
                  snapshot('c');
                  send('synced', {});
                  await until(() => other.uids().length === 3);
                  same([leader.uids(), other.uids(), other.cluster.synced], [['a', 'b', 'c'], ['a', 'b', 'c'], true]);
                """);
    }

    /** Runs statements that compare values of the page's modules, which are at {@code base}, by {@code same(actual, expected)}. */
    private static void assertModules(String statements) {
        open("");
        awaitRows(1);
        String base = browser.run("return document.querySelector('script[type=module]').src.replace('main.js', '')");
        List<Object> failures = browser.await("""
                const [base, done] = arguments;
                (async () => {
                  const failures = [];
                  const same = (actual, expected) => {
                    if (JSON.stringify(actual) !== JSON.stringify(expected)) {
                      failures.push(`${JSON.stringify(actual)} (expected: ${JSON.stringify(expected)})`);
                    }
                  };
                """ + statements + """
                  return failures;
                })().then(done, (problem) => done([String(problem)]));
                """, base);

        assertThat(failures).isEmpty();
    }
}
