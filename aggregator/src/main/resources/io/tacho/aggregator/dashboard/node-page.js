// A node's own page: who it is, its charts beside the mean of all nodes, all of its fields, its history of membership.

import {FIELD, FIELDS, isGone} from './fields.js';
import {ago, count, exact, formatValue, nanos, seconds, timestamp} from './format.js';
import {NODE_CHARTS} from './layout.js';
import {Charts} from './charts.js';
import {el, setAttribute, setText} from './dom.js';
import {ExtrasTable} from './extras.js';
import {valueAt} from './series.js';
import {deviationText} from './verdict.js';

// Of the other members of /nodes/<uid>, what describes the node.
const FACTS = [
  ['host', 'host', String],
  ['address', 'address', String],
  ['version', 'version', String],
  ['metrics_interval', 'windows of', seconds],
  ['publish_interval_ms', 'beats every', (millis) => nanos(millis * 1e6)],
  ['ttl_ms', 'lost without a beat after', (millis) => nanos(millis * 1e6)],
];

const QUALITY = {
  close: 'counts almost the same events', bound: 'an upper bound, or as exact as a histogram bucket',
  unavailable: 'not reported by its source, 0', stale: 'old: its source stopped reporting', unknown: 'not exact',
};

// What a node's value is compared with: a share of the total, or the total.
const PER_NODE = new Set(['sum', 'union']);
const ALIKE = new Set(['weighted_mean']);
const HEADS = ['Field', 'Value', 'Exact', 'Against the mean', 'Since its start', 'Quality'];

export const qualityText = (flag) => (flag === undefined ? '' : QUALITY[flag] ?? flag);

export class NodePage {
  #uid = '';
  #charts = null;
  #cells = new Map();
  #details = null;
  #points = [];

  // back(): the address of the overview; chartOptions: of its charts
  constructor(container, {back, chartOptions}) {
    this.container = container;
    this.back = back;
    this.chartOptions = chartOptions;
  }

  get uid() {
    return this.#uid;
  }

  open(uid) {
    if (uid === this.#uid) {
      return;
    }
    this.close();
    this.#uid = uid;
    this.name = el('h2', {tabindex: '-1'});
    this.state = el('span', {class: 'badge'});
    this.since = el('span', {class: 'quiet'});
    this.deviations = el('p', {class: 'deviations', hidden: true});
    this.facts = el('dl', {class: 'facts'});
    const charts = el('div', {class: 'charts'});
    this.chartNote = el('p', {class: 'past'});
    this.extras = new ExtrasTable('Extra values of this node');
    this.membership = el('ol', {class: 'membership'});
    this.missing = el('p', {class: 'nothing'}, 'This node is not known here: it may have gone, or never have been.');
    this.content = el('div', {},
        this.chartNote, charts, this.#table(), this.extras.element, el('h3', {}, 'Membership'), this.membership);
    this.container.replaceChildren(
        el('p', {}, el('a', {href: this.back(), 'data-node': ''}, '← all nodes')),
        el('div', {class: 'title'}, this.name, this.state, this.since), this.deviations, this.facts, this.missing, this.content);
    this.container.hidden = false;
    this.#charts = new Charts(charts, NODE_CHARTS, {...this.chartOptions, syncKey: 'node'});
  }

  #table() {
    const rows = FIELDS.map((field) => {
      const cells = Object.fromEntries(['value', 'raw', 'share', 'total'].map((name) =>
        [name, el('td', {class: `number ${name}`})]));
      cells.mark = el('td', {class: 'mark'});
      this.#cells.set(field.key, cells);
      return el('tr', {'data-field': field.key},
          el('th', {scope: 'row', title: field.about}, field.label, ' ', el('code', {}, field.key)), ...Object.values(cells));
    });
    return el('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Fields of this node'},
        el('table', {class: 'fields node-fields'}, el('caption', {class: 'unseen'}, 'Fields of this node'),
            el('thead', {}, el('tr', {}, ...HEADS.map((head, index) => el('th', {scope: 'col', class: index > 0 && index < 5 ? 'number' : 'text'}, head)))),
            el('tbody', {}, ...rows)));
  }

  focus() {
    this.name.focus();
  }

  close() {
    this.#charts?.close();
    this.#charts = null;
    this.#uid = '';
    this.#details = null;
    this.#points = [];
    this.#cells.clear();
    this.container.hidden = true;
    this.container.replaceChildren();
  }

  // Takes what /nodes/<uid> has beyond the events, if anything, and its windows as points.
  setDetails(details, points) {
    this.#details = details ?? this.#details;
    this.#points = points;
  }

  // node: as the events show it, undefined if it is not known; total: of the present nodes
  render(node, total, present, membership, now) {
    const details = this.#details ?? {};
    const values = node?.values ?? details.stats;
    this.missing.hidden = Boolean(values);
    this.content.hidden = !values;
    const state = node?.state ?? details.state ?? 'unknown';
    setText(this.name, node?.name ?? details.name ?? this.#uid);
    setText(this.state, state);
    setAttribute(this.state, 'data-state', state === 'unknown' ? 'left' : state);
    if (!values) {
      return;
    }
    setText(this.since, !node ? (details.departed_ms ? `${state} ${ago(now - details.departed_ms)}; these are its last numbers` : '') : isGone(state) ? `${state} ${ago(now - node.goneAt)}; these are its last numbers`
      : `last beat ${ago(now - node.heardAt)}`);
    this.#renderFacts({...details, host: details.host ?? node?.host, version: details.version ?? node?.version,
      labels: details.labels ?? node?.labels});
    const deviations = node?.deviations ?? [];
    this.deviations.hidden = deviations.length === 0;
    setText(this.deviations, deviations.map((one) =>
      `Outlier since ${timestamp(one.since_ms, now)}: ${deviationText(one)}${one.method === 'minority' ? '' : ` the median of ${one.peers} nodes`}.`).join(' '));
    for (const field of FIELDS) {
      this.#renderField(field, values[field.key], details, state, total, present, now);
    }
    this.extras.render(details.extras);
    const own = membership.filter((change) => change.uid === this.#uid || change.name === node?.name).slice(0, 20);
    this.membership.replaceChildren(...own.map((change) => el('li', {'data-state': change.type},
        el('time', {datetime: new Date(change.at).toISOString(), title: new Date(change.at).toLocaleString()}, timestamp(change.at, now)),
        el('span', {class: 'what'}, change.type),
        el('span', {}, change.uid === this.#uid ? '' : `an earlier ${change.name}`))));
  }

  #renderField({key, kind, merge}, value, details, state, total, present, now) {
    const cells = this.#cells.get(key);
    setText(cells.value, formatValue(value, kind, now / 1000));
    setText(cells.raw, kind === 'text' ? '' : exact(value, kind));
    const mean = PER_NODE.has(merge) ? total[key] / present : ALIKE.has(merge) ? total[key] : 0;
    setText(cells.share, mean > 0 && !isGone(state) ? `${(value / mean).toFixed(2)} ×` : '');
    const counted = details.totals?.[key];
    setText(cells.total, counted === undefined ? '' : count(counted));
    setAttribute(cells.total, 'title', counted === undefined ? '' : exact(counted, kind));
    setText(cells.mark, qualityText(details.quality?.[key]));
  }

  #renderFacts(known) {
    const facts = FACTS.filter(([key]) => known[key] !== undefined && known[key] !== null)
        .map(([key, label, write]) => [label, write(known[key])])
        .concat(Object.entries(known.labels ?? {}));
    const text = JSON.stringify(facts);
    if (this.facts.dataset.shown !== text) {
      this.facts.dataset.shown = text;
      this.facts.replaceChildren(...facts.map(([label, value]) => el('div', {}, el('dt', {}, label), el('dd', {}, value))));
    }
  }

  // clusterPoints: of all nodes, whose mean is drawn beside the node
  renderCharts(time, clusterPoints) {
    const points = this.#points.filter((point) => point.at >= time.from && point.at <= time.to);
    setText(this.chartNote, points.length === 0 ? 'No windows of this node are known in this range.' : 'Dashed: the mean of all nodes.');
    this.#charts?.render(points, {...time, reference: {points: clusterPoints, valueOf: meanAt}});
  }

  repaint() {
    this.#charts?.repaint();
  }
}


// The mean over the nodes of a point of the cluster.
function meanAt(point, key, perSecond) {
  const value = valueAt(point, key, perSecond);
  return value === null || !(point.total.nodes > 0) ? null : PER_NODE.has(FIELD.get(key)?.merge) ? value / point.total.nodes : value;
}
