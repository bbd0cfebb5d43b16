// Puts the page together: events go into the cluster, the cluster is drawn at the pace of the eye.

import {Address, RANGES, writeAddress} from './address.js';
import {Alerts} from './alerts.js';
import {Charts} from './charts.js';
import {Cluster, largest, merge, withFacts} from './cluster.js';
import {ColumnChoice} from './columns.js';
import {byId, el, setAttribute, setText} from './dom.js';
import {ExtraChart} from './extra-chart.js';
import {ExtrasTable} from './extras.js';
import {Feed} from './feed.js';
import {isGone, setCatalogue} from './fields.js';
import {parseFilter} from './filter.js';
import {clock, count, seconds} from './format.js';
import {Key} from './key.js';
import {CLUSTER_CHARTS} from './layout.js';
import {NodePage} from './node-page.js';
import {Past} from './past.js';
import {LiveSeries, nodePoints, withHoles} from './series.js';
import {NodeTable} from './table.js';
import {Tiles} from './tiles.js';
import {Timeline} from './timeline.js';

const FRAME_MILLIS = 250;
const ARRANGE_MILLIS = 1_000;
const FACTS_MILLIS = 5_000;
const ANNOUNCE_MILLIS = 5_000;
const SHORTEST_SPAN_MILLIS = 60_000;
const RETRY_MILLIS = 2_000;

let keyEntered;
const key = new Key(() => keyEntered());
await loadCatalogue();
keyEntered = () => feed.start();

const address = new Address();
const cluster = new Cluster();
const series = new LiveSeries(RANGES.live);
const past = new Past(request);

const link = (uid) => writeAddress({...address.state, node: uid});
const tiles = new Tiles(byId('tiles'));
const charts = new Charts(byId('charts'), CLUSTER_CHARTS, 'cluster');
const timeline = new Timeline(byId('timeline'), byId('no-changes'), link);
const table = new NodeTable(byId('table'), {onSort: sortBy, link});
const nodePage = new NodePage(byId('node'), {back: () => link('')});
const columns = new ColumnChoice(byId('columns'), (chosen) => address.set({columns: chosen}));
const extraChart = new ExtraChart((path) => get(path));
const extras = new ExtrasTable('Extra values of the cluster', (name) => {
  extraChart.choose(name);
  arrangedAt = 0;
});
byId('extras').append(extras.element, extraChart.element);
const alerts = new Alerts(byId('alerts'), (path) => get(path));

let connection = 'connecting';
let filter = () => true;
let facts = {};
let merged = merge([]); // the present nodes, as the events show them
let total = merged; // with what /cluster knows of all nodes
let factsAt = 0;
let factsVersion = -1;
let drawnVersion = -1;
let arrangedAt = 0;
let sampledAt = 0;
let announcedAt = 0;
let waitingWords = [];

const feed = new Feed({
  path: 'events',
  headers: () => key.headers(),
  take: (event) => {
    const now = Date.now();
    cluster.apply(event, now);
    if (event.type === 'synced') {
      loadPast();
    } else if (event.type === 'lost') {
      announce(`${event.data.name} lost`);
    }
  },
  status: (state) => {
    if (state === 'rejected') {
      key.ask();
    } else if (state === 'open' && connection === 'waiting') {
      announce('connected again');
    } else if (state === 'waiting' && connection === 'open') {
      announce('disconnected');
    }
    // while it tries again it is still not connected
    connection = state === 'connecting' && connection === 'waiting' ? 'waiting' : state;
  },
});

// Fetches the field catalogue until it succeeds; asks for the key if one is required.
async function loadCatalogue() {
  for (;;) {
    const response = await fetch('fields', {headers: key.headers(), cache: 'no-cache'}).catch(() => null);
    if (response?.ok) {
      setCatalogue(await response.json());
      byId('trouble').hidden = true;
      return;
    }
    if (response?.status === 401 || response?.status === 403) {
      await new Promise((resolve) => {
        keyEntered = resolve;
        key.ask();
      });
    } else {
      byId('trouble').hidden = false;
      setText(byId('trouble'), 'The aggregator does not respond; trying again.');
      await new Promise((resolve) => setTimeout(resolve, RETRY_MILLIS));
    }
  }
}

async function request(path) {
  const response = await fetch(path, {headers: key.headers(), cache: 'no-store'});
  if (!response.ok) {
    throw new Error(`${path}: status ${response.status}`);
  }
  return response;
}

const get = async (path) => (await request(path)).json();

// What was before this page was opened, or while it was disconnected.
let hasHistory = false;
async function loadPast() {
  try {
    cluster.load((await get('membership')).changes, Date.now());
    if (!hasHistory) {
      hasHistory = true;
      series.load(await past.recent(RANGES.live));
    }
  } catch {
    // the next connection tries again
  }
}

// What only the aggregator knows: warnings, unions, quantiles; and of the node that is looked at, the rest.
async function ask() {
  factsAt = Date.now();
  factsVersion = cluster.version;
  try {
    facts = await get('cluster');
    drawnVersion = -1;
    showWarnings(facts.warnings ?? []);
    extras.render(facts.extras);
    const uid = nodePage.uid;
    const node = cluster.nodes.get(uid);
    if (node && !isGone(node.state)) {
      const query = '?uid=' + encodeURIComponent(uid);
      const [details, windows] = await Promise.all([get('node' + query), get('node/series' + query)]);
      if (uid === nodePage.uid) {
        nodePage.setDetails(details, withHoles(nodePoints(windows)));
      }
    }
  } catch {
    // the next interval requests again; the connection status shows the error
  }
}

function announce(words) {
  waitingWords.push(words);
}

function speak(now) {
  if (waitingWords.length === 0 || now - announcedAt < ANNOUNCE_MILLIS) {
    return;
  }
  announcedAt = now;
  const words = waitingWords;
  waitingWords = [];
  setText(byId('announcer'), words.length > 3 ? `${words.slice(0, 3).join(', ')} and ${words.length - 3} more` : words.join(', '));
}

function sortBy(wanted) {
  const {sort} = address.state;
  const textual = wanted === 'name' || wanted === 'uid' || wanted === 'state';
  const first = textual ? wanted : '-' + wanted;
  const second = textual ? '-' + wanted : wanted;
  address.set({sort: sort === first ? second : first});
}

function showWarnings(warnings) {
  byId('warnings').hidden = warnings.length === 0;
  const list = byId('warning-list');
  const text = JSON.stringify(warnings);
  if (list.dataset.shown === text) {
    return;
  }
  list.dataset.shown = text;
  list.replaceChildren(...warnings.map((warning) => {
    const uids = warning.uids ?? [];
    const detail = warning.nodes_by_seconds ?? warning.nodes_by_version;
    return el('li', {}, warning.message,
        detail ? ': ' + Object.entries(detail).map(([value, nodes]) => `${nodes} × ${value}`).join(', ') : '',
        ...uids.slice(0, 4).flatMap((uid) => [' ', el('a', {href: link(uid), 'data-node': uid, title: uid}, uid.slice(0, 8))]),
        uids.length > 4 ? ` and ${uids.length - 4} more` : '');
  }));
}

function staleText(age) {
  const {partitions, disconnected, disconnectedNodes: nodes} = cluster;
  return disconnected === partitions
    ? `The aggregator cannot see Redis. This is what it knew ${age} ago.`
    : `The aggregator cannot see ${disconnected} of ${partitions} partitions of Redis. ${nodes === 1 ? 'One node is' : `${nodes} nodes are`} as ${nodes === 1 ? 'it was' : 'they were'} ${age} ago.`;
}

function showConnection(now) {
  const element = byId('connection');
  const age = seconds((now - cluster.heardAt) / 1000);
  const state = connection === 'open' && cluster.synced ? (cluster.disconnected === 0 ? 'live' : 'stale') : connection;
  setAttribute(element, 'data-state', state);
  const words = {
    live: 'live',
    stale: cluster.disconnected === cluster.partitions
      ? `live, view ${seconds(cluster.staleFor(now) / 1000)} old`
      : `live, ${cluster.disconnected} of ${cluster.partitions} partitions ${seconds(cluster.staleFor(now) / 1000)} old`,
    open: 'loading',
    connecting: 'connecting',
    waiting: cluster.heardAt ? `disconnected, ${age} old` : 'disconnected',
    rejected: 'no key',
  };
  setText(element, words[state]);
  const trouble = byId('trouble');
  const text = state === 'waiting' && cluster.heardAt
    ? `Disconnected from the aggregator. These numbers are ${age} old; trying again.`
    : state === 'waiting' ? 'The aggregator does not respond; trying again.'
    : state === 'stale' ? staleText(seconds(cluster.staleFor(now) / 1000)) : '';
  trouble.hidden = text === '';
  setText(trouble, text);
}

function showSummary(states, present) {
  const parts = [`${count(present)} node${present === 1 ? '' : 's'}`];
  for (const state of ['draining', 'stale', 'lost']) {
    if (states[state] > 0) {
      parts.push(`${states[state]} ${state}`);
    }
  }
  parts.push(`windows of ${cluster.metricsInterval} s`);
  setText(byId('summary'), cluster.synced ? parts.join(' · ') : '');
  document.title = cluster.synced ? `${states.lost > 0 ? `${states.lost} lost · ` : ''}${present} nodes · Tacho` : 'Tacho';
}

function showTable(present, now) {
  const nowSeconds = now / 1000;
  const all = [...cluster.nodes.values()];
  const shown = all.filter((node) => filter(node, nowSeconds));
  const inSight = shown.filter((node) => !isGone(node.state));
  table.setColumns(address.state.columns);
  table.arrange(shown, address.state.sort, shown.length === all.length ? total : merge(inSight), largest(shown), all.length);
  setText(byId('shown'), cluster.synced ? (shown.length === all.length ? count(all.length) : `${count(shown.length)} of ${count(all.length)}`) : '');
}

function frame() {
  const now = Date.now();
  cluster.pass(now, connection === 'open');
  showConnection(now);
  speak(now);
  if (document.visibilityState !== 'hidden' || now - sampledAt > ARRANGE_MILLIS) {
    draw(now);
  }
}

function draw(now) {
  const present = cluster.present();
  const states = cluster.states();
  const changed = drawnVersion !== cluster.version;
  if (changed) {
    drawnVersion = cluster.version;
    merged = merge(present);
    total = withFacts(merged, facts);
    tiles.render({total, interval: cluster.metricsInterval, present: present.length, states});
    showSummary(states, present.length);
  }
  if (now - arrangedAt >= ARRANGE_MILLIS) {
    arrangedAt = now;
    showTable(present, now);
    drawOverTime(present, now);
  }
  if (cluster.synced && connection === 'open') {
    alerts.pollIfDue(now);
  }
  if (cluster.synced && connection === 'open' && factsVersion !== cluster.version && now - factsAt >= FACTS_MILLIS) {
    ask();
  }
}

// A point of the charts; of what is only bounded the bounds alone.
function sample(present) {
  const point = {...total, nodes: present.length};
  total.upperBounds.forEach((key) => {
    point[key] = null;
  });
  return point;
}

function drawOverTime(present, now) {
  if (cluster.synced && connection === 'open') {
    sampledAt = now;
    series.add(now, cluster.metricsInterval, sample(present));
  }
  timeline.render(cluster.membership);
  setText(byId('timeline-since'), cluster.membership.length > 0 ? `since ${clock(cluster.membership.at(-1).at)}` : '');
  const {range} = address.state;
  const span = RANGES[range] * 1000;
  if (nodePage.uid) {
    const node = cluster.nodes.get(nodePage.uid);
    nodePage.render(node, merged, present.length, cluster.membership, now);
    nodePage.renderCharts(cluster.membership.filter((change) => change.uid === nodePage.uid), now - span, now);
  } else if (range === 'live') {
    past.leave();
    drawCharts(series.points(), now - span, now, 0);
  } else if (cluster.synced) {
    past.follow(RANGES[range], now);
    drawCharts(past.points, now - span, now, past.step);
  }
  if (!nodePage.uid && cluster.synced) {
    extraChart.render(RANGES[range], cluster.membership, now);
  }
  byId('past').hidden = range === 'live';
  setText(byId('past'), past.note);
}

function drawCharts(points, from, to, stepSeconds) {
  // a young cluster fills the picture, not its last corner
  const first = points.find((point) => point.total !== null);
  const start = Math.max(from, Math.min((first?.at ?? from) - (first?.span ?? 0), to - SHORTEST_SPAN_MILLIS));
  tiles.renderSparks(points, start, to);
  charts.render(points, cluster.membership, start, to, stepSeconds);
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
    charts.repaint();
    extraChart.repaint();
    nodePage.repaint();
  }
  document.querySelectorAll('[data-range]').forEach((button) =>
    setAttribute(button, 'aria-pressed', String(button.dataset.range === state.range)));
  document.querySelectorAll('[data-theme-choice]').forEach((button) =>
    setAttribute(button, 'aria-pressed', String(button.dataset.themeChoice === state.theme)));
  columns.show(state.columns);
  byId('home').setAttribute('href', link(''));
  followFilter(state.q);
  if (state.node) {
    const fresh = nodePage.uid !== state.node;
    nodePage.open(state.node);
    byId('overview').hidden = true;
    if (fresh) {
      factsAt = 0;
      factsVersion = -1;
      scrollTo(0, 0);
      nodePage.focus();
    }
  } else {
    nodePage.close();
    byId('overview').hidden = false;
  }
  arrangedAt = 0;
  drawnVersion = -1;
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

function listen() {
  byId('filter').addEventListener('input', (event) => address.set({q: event.target.value}));
  document.querySelectorAll('[data-range]').forEach((button) =>
    button.addEventListener('click', () => address.set({range: button.dataset.range})));
  document.querySelectorAll('[data-theme-choice]').forEach((button) =>
    button.addEventListener('click', () => address.set({theme: button.dataset.themeChoice})));
  byId('home').addEventListener('click', (event) => {
    event.preventDefault();
    address.set({node: ''}, {push: true});
  });
  document.addEventListener('click', (event) => {
    const anchor = event.target.closest?.('a[data-node]');
    if (anchor && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      address.set({node: anchor.dataset.node}, {push: true});
    }
  });
  document.addEventListener('keydown', (event) => {
    const typing = event.target.matches?.('input');
    if (event.key === '/' && !typing && !nodePage.uid) {
      event.preventDefault();
      byId('filter').focus();
    } else if (event.key === 'Escape' && typing && event.target.id === 'filter') {
      address.set({q: ''});
    } else if (event.key === 'Escape' && nodePage.uid && !typing) {
      address.set({node: ''}, {push: true});
    }
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => follow(address.state));
}

address.onChange(follow);
listen();
follow(address.state);
feed.start();
setInterval(frame, FRAME_MILLIS);
