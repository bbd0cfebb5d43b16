// Puts the page together: events go into the cluster, the cluster is drawn at the pace of the eye.

import {Address, writeAddress} from './address.js';
import {AlertList} from './alert-list.js';
import {Cluster} from './cluster.js';
import {ColumnChoice} from './columns.js';
import {Comparison} from './comparison.js';
import {Controls, shortcuts} from './controls.js';
import {byId, setAttribute, setText} from './dom.js';
import {ExtraChart} from './extra-chart.js';
import {ExtrasTable} from './extras.js';
import {Facts} from './facts.js';
import {nodesCsv, saveCsv, chartActions} from './exporting.js';
import {isGone} from './fields.js';
import {parseFilter} from './filter.js';
import {whole} from './format.js';
import {GroupChart} from './group-chart.js';
import {Groups} from './groups.js';
import {openHelp} from './help.js';
import {largest, merge, withFacts} from './merge.js';
import {NodeMap} from './node-map.js';
import {NodePage} from './node-page.js';
import {OutlierCharts} from './outliers.js';
import {Requests} from './requests.js';
import {SharedFeed} from './shared-feed.js';
import {shareLink, toggleFullScreen} from './sharing.js';
import {StartPage} from './start-page.js';
import {disconnection, showConnection, showIdentity} from './status.js';
import {NodeTable} from './table.js';
import {TimeView} from './time-view.js';
import {Announcer, Verdict, judge, spoken} from './verdict.js';
import {showWarnings} from './warnings.js';

const FRAME_MILLIS = 250;
const ARRANGE_MILLIS = 1_000;

const requests = new Requests();
await requests.loadCatalogue();
const {get} = requests;

const address = new Address();
const link = (change) => writeAddress({...address.state, ...change});
const go = (change, how) => address.set(change, how);
const keys = shortcuts({address, help: () => openHelp(keys), share: () => shareLink(address), fullScreen: toggleFullScreen,
  save: () => saveCsv('nodes', nodesCsv(table.nodes, address.state.columns))});
const controls = new Controls(address, keys);
const chartOptions = {syncKey: 'cluster', onZoom: (range) => controls.zoom(range), actions: chartActions};

const cluster = new Cluster();
const facts = new Facts(get, cluster, () => {
  drawnVersion = -1;
});

const verdict = new Verdict(byId('verdict'), link);
const announcer = new Announcer();
const startPage = new StartPage();
const groups = new Groups(byId('groups'));
const map = new NodeMap(byId('map'), go);
const table = new NodeTable(byId('table'), {onSort: sortBy, link});
const nodePage = new NodePage(byId('node'), {back: () => link({node: ''}), chartOptions});
const columns = new ColumnChoice(byId('columns'), (chosen) => go({columns: chosen}));
const comparison = new Comparison(byId('comparison'), get, {onBy: (by) => go({by}), onFilter: (q) => go({q})});
const extraChart = new ExtraChart(get, redraw);
const extras = new ExtrasTable('Extra values of the cluster', (name) => {
  extraChart.choose(name);
  redraw();
});
byId('extras').append(extras.element, extraChart.element);
const alerts = new AlertList(byId('alerts'), {link, post: requests.post, onChange: () => facts.expireAlerts(Date.now())});
const outliers = new OutlierCharts(byId('outliers'), get, chartOptions, link);
const groupChart = new GroupChart(comparison.charts, chartOptions);
const overTime = new TimeView({requests, cluster, facts, address, nodePage, groups, groupChart, extraChart, outliers, chartOptions, link});

let connection = 'connecting';
let filter = () => true;
let merged = merge([]); // the present nodes, as the events show them
let total = merged; // with what /cluster knows of all nodes
let drawnVersion = -1;
let arrangedAt = 0;
let sampledAt = 0;

const feed = new SharedFeed({
  path: 'events',
  headers: () => requests.headers(),
  replay: () => cluster.replay(),
  take: (event) => {
    cluster.apply(event, Date.now());
    if (event.type === 'synced') {
      overTime.loadPast();
    }
  },
  status: (state) => {
    if (state === 'rejected') {
      requests.askKey(() => feed.start());
    }
    // while it tries again it is still not connected
    connection = state === 'connecting' && connection === 'waiting' ? 'waiting' : state;
  },
});

requests.onRejected = () => feed.reject();

// Draws everything with the next frame.
function redraw() {
  arrangedAt = 0;
  overTime.redraw();
  drawnVersion = -1;
}

function sortBy(wanted) {
  const {sort} = address.state;
  const textual = wanted === 'name' || wanted === 'uid' || wanted === 'state';
  const first = textual ? wanted : '-' + wanted;
  const second = textual ? '-' + wanted : wanted;
  go({sort: sort === first ? second : first});
}

function frame() {
  const now = Date.now();
  cluster.pass(now, connection === 'open');
  if (cluster.synced && connection === 'open') {
    facts.pollIfDue(now);
  }
  if (document.visibilityState !== 'hidden' || now - sampledAt > ARRANGE_MILLIS) {
    draw(now);
  }
}

function draw(now) {
  const state = showConnection(connection, cluster, now);
  const present = cluster.present();
  const hasNumbers = cluster.synced && (cluster.wasReady || present.length > 0);
  const isEmpty = hasNumbers && !cluster.hadNodes();
  startPage.render(hasNumbers ? (isEmpty ? 'empty' : '') : cluster.synced ? 'unreached' : 'loading', facts.cluster.identity);
  byId('overview').hidden = !hasNumbers || isEmpty || nodePage.uid !== '';
  drawVerdict(present, state, hasNumbers, now);
  if (drawnVersion !== cluster.version) {
    drawnVersion = cluster.version;
    merged = merge(present);
    total = withFacts(merged, facts.cluster);
    groups.render({total, interval: cluster.metricsInterval, present: present.length, states: cluster.states(), imbalance: facts.cluster.imbalance});
    showWarnings(facts.cluster.warnings ?? [], link);
    extras.render(facts.cluster.extras);
  }
  if (now - arrangedAt >= ARRANGE_MILLIS) {
    arrangedAt = now;
    drawNodes(now);
    if (cluster.synced && connection === 'open' && cluster.wasReady) {
      sampledAt = now;
      overTime.add(total, present.length, now);
    }
    overTime.draw({total: merged, present: present.length, isConnected: connection === 'open', now});
  }
}

function drawVerdict(present, state, hasNumbers, now) {
  const lost = [...cluster.nodes.values()].filter((node) => node.state === 'lost').sort((a, b) => b.goneAt - a.goneAt);
  const judgement = hasNumbers
    ? judge({present: present.length, states: cluster.states(), lost, outliers: facts.outliers(),
      alerts: facts.firing().filter((alert) => !alert.silenced), warnings: facts.cluster.warnings ?? [],
      hadNodes: cluster.hadNodes(), detailsAge: facts.age(now), disconnection: disconnection(state, cluster), now})
    : {level: cluster.synced ? 'bad' : 'unknown', parts: [{level: 'good', text: cluster.synced ? 'no numbers: Redis was not reached yet' : 'loading', lead: {q: ''}}]};
  const name = facts.cluster.identity?.cluster || 'Tacho';
  verdict.render(judgement, name);
  announcer.speak(spoken(judgement), now);
  showIdentity(facts.cluster.identity);
  alerts.render(facts.firing(), facts.alerts, now);
}

function drawNodes(now) {
  const nowSeconds = now / 1000;
  const all = [...cluster.nodes.values()];
  const shown = all.filter((node) => filter(node, nowSeconds));
  const labelNames = cluster.labelNames();
  columns.offerLabels(labelNames);
  table.setColumns(address.state.columns, cluster.metricsInterval);
  table.arrange(shown, address.state.sort, shown.length === all.length ? total : merge(shown.filter((node) => !isGone(node.state))),
      largest(shown), all.length);
  setText(byId('shown'), shown.length === all.length ? whole(all.length) : `${whole(shown.length)} of ${whole(all.length)}`);
  if (!nodePage.uid && cluster.hadNodes()) {
    map.render(all, (node) => filter(node, nowSeconds), address.state, labelNames);
    if (connection === 'open') {
      comparison.pollIfDue(address.state.by, labelNames, now);
    }
  }
}

function follow(state) {
  const root = document.documentElement;
  if (state.theme === 'auto') {
    delete root.dataset.theme;
  } else {
    root.dataset.theme = state.theme;
  }
  const shade = matchMedia('(prefers-color-scheme: dark)').matches;
  const painted = state.theme === 'auto' ? (shade ? 'dark' : 'light') : state.theme;
  if (root.dataset.painted !== painted) {
    root.dataset.painted = painted;
    [overTime, extraChart, nodePage, map, outliers, groupChart].forEach((one) => one.repaint());
  }
  controls.render(state);
  columns.show(state.columns);
  setAttribute(byId('home'), 'href', link({node: ''}));
  followFilter(state.q);
  if (state.node && nodePage.uid !== state.node) {
    nodePage.open(state.node);
    overTime.nodeChanged();
    scrollTo(0, 0);
    nodePage.focus();
  } else if (!state.node) {
    nodePage.close();
  }
  redraw();
  draw(Date.now());
}

function followFilter(text) {
  const input = byId('filter');
  if (input.value !== text) {
    input.value = text;
  }
  try {
    filter = parseFilter(text);
    setText(byId('filter-problem'), '');
    input.removeAttribute('aria-invalid');
  } catch (problem) {
    // the table stays as it was until the text makes sense
    setText(byId('filter-problem'), problem.message);
    input.setAttribute('aria-invalid', 'true');
  }
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => follow(address.state));
table.cards.addEventListener('change', () => follow(address.state));
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible' && cluster.synced && connection === 'open') {
    overTime.loadPast();
  }
});
address.onChange(follow);
follow(address.state);
feed.start();
setInterval(frame, FRAME_MILLIS);
