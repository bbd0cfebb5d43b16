// A node's own page: all of its fields beside the cluster's, what else it reports, and its last beats.

import {FIELDS, isGone} from './fields.js';
import {clock, count, exact, formatValue, nanos, seconds} from './format.js';
import {NODE_CHARTS} from './layout.js';
import {Charts} from './charts.js';
import {el, setAttribute, setText} from './dom.js';
import {ExtrasTable} from './extras.js';

// Of the other members of /nodes/<uid>, those that fit into a line.
const FACTS = [
  ['host', (host) => `on ${host}`],
  ['address', (address) => `at ${address}`],
  ['version', (version) => `version ${version}`],
  ['metrics_interval', (interval) => `windows of ${seconds(interval)}`],
  ['publish_interval_ms', (millis) => `beats every ${nanos(millis * 1e6)}`],
  ['ttl_ms', (millis) => `lives ${nanos(millis * 1e6)} without a beat`],
];

const SHORTEST_SPAN_MILLIS = 60_000;

// What a node's value is compared with: a share of the total, or the total.
const PER_NODE = new Set(['sum', 'union']);
const ALIKE = new Set(['max', 'weighted_mean']);

export class NodePage {
  #uid = '';
  #charts = null;
  #cells = new Map();
  #details = null;
  #points = [];

  constructor(container, {back}) {
    this.container = container;
    this.back = back;
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
    this.facts = el('p', {class: 'facts'});
    const rows = FIELDS.map((field) => {
      const value = el('td', {class: 'number'});
      const raw = el('td', {class: 'number raw'});
      const share = el('td', {class: 'number share'});
      const mark = el('td', {class: 'mark'});
      const total = el('td', {class: 'number raw'});
      this.#cells.set(field.key, {value, raw, share, mark, total});
      return el('tr', {'data-field': field.key},
          el('th', {scope: 'row', title: field.about}, field.label, ' ', el('code', {}, field.key)), value, raw, share, total, mark);
    });
    const charts = el('div', {class: 'charts'});
    this.extras = new ExtrasTable('Extra values of this node');
    this.membership = el('ol', {class: 'membership'});
    this.missing = el('p', {class: 'nothing'}, 'This node is not known here: it may have gone, or never have been.');
    this.content = el('div', {},
        charts,
        el('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Fields of this node'},
            el('table', {class: 'fields'}, el('caption', {class: 'unseen'}, 'Fields of this node'),
                el('thead', {}, el('tr', {}, ...['Field', 'Value', 'Exact', 'Against the mean', 'Since its start', 'Quality']
                    .map((head, index) => el('th', {scope: 'col', class: index > 0 && index < 5 ? 'number' : 'text'}, head)))),
                el('tbody', {}, ...rows))),
        this.extras.element,
        this.membership);
    this.container.replaceChildren(
        el('p', {}, el('a', {href: this.back(), 'data-node': ''}, '← all nodes')),
        el('div', {class: 'title'}, this.name, this.state), this.facts, this.missing, this.content);
    this.container.hidden = false;
    this.#charts = new Charts(charts, NODE_CHARTS, 'node');
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

  // Takes what /nodes/<uid> has beyond the events, and its windows as points.
  setDetails(details, points) {
    this.#details = details;
    this.#points = points;
  }

  render(node, total, present, membership, now) {
    this.missing.hidden = Boolean(node);
    this.content.hidden = !node;
    setText(this.name, node ? node.name : this.#uid);
    setText(this.state, node ? node.state : 'unknown');
    setAttribute(this.state, 'data-state', node ? node.state : 'left');
    if (!node) {
      return;
    }
    const since = isGone(node.state) ? `${node.state} ${seconds((now - node.goneAt) / 1000)} ago` : `last beat ${seconds((now - node.heardAt) / 1000)} ago`;
    const details = this.#details ?? {};
    const labels = Object.entries(details.labels ?? {}).map(([label, value]) => `${label}=${value}`);
    setText(this.facts, [since, ...FACTS.filter(([key]) => details[key] !== undefined && details[key] !== null)
        .map(([key, write]) => write(details[key])), ...labels].join('  ·  '));
    for (const field of FIELDS) {
      const cells = this.#cells.get(field.key);
      const value = node.values[field.key];
      setText(cells.value, formatValue(value, field.kind, now / 1000));
      setText(cells.raw, field.kind === 'text' ? '' : exact(value, field.kind));
      const mean = PER_NODE.has(field.merge) ? total[field.key] / present : ALIKE.has(field.merge) ? total[field.key] : 0;
      setText(cells.share, mean > 0 && !isGone(node.state)
        ? `${(value / mean).toFixed(2)} ×` : '');
      const counted = details.totals?.[field.key];
      setText(cells.total, counted === undefined ? '' : count(counted));
      setAttribute(cells.total, 'title', counted === undefined ? '' : exact(counted, field.kind));
      setText(cells.mark, details.quality?.[field.key] ?? '');
    }
    this.extras.render(details.extras);
    const own = membership.filter((change) => change.uid === node.uid || change.name === node.name).slice(0, 20);
    this.membership.replaceChildren(...own.map((change) => el('li', {'data-state': change.type},
        el('time', {datetime: new Date(change.at).toISOString()}, clock(change.at)), ' ', change.type,
        change.uid === node.uid ? '' : ` (an earlier ${change.name})`)));
  }

  renderCharts(membership, from, to) {
    const points = this.#points.filter((point) => point.at >= from);
    const first = points.length > 0 ? points[0].at - points[0].span : to;
    this.#charts?.render(points, membership, Math.max(from, Math.min(first, to - SHORTEST_SPAN_MILLIS)), to);
  }

  repaint() {
    this.#charts?.repaint();
  }
}
