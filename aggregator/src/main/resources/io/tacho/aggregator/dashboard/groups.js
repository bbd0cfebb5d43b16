// The cluster at a glance, in four groups: people, traffic, latency, machines. Each has two numbers with their course and a few others.

import {count, bytes, exact, nanos, rate, whole} from './format.js';
import {FIELD} from './fields.js';
import {valueAt} from './series.js';
import {el, setAttribute, setText, svg} from './dom.js';

const perSecond = (key, label) => ({
  key, label, perSecond: true,
  value: ({total, interval}) => rate(total[key] / interval, FIELD.get(key).kind),
  detail: ({total, interval}) => `${(FIELD.get(key).kind === 'bytes' ? bytes : count)(total[key])} in ${interval} s`,
  hover: ({total, interval}) => `${exact(total[key], FIELD.get(key).kind)} (in the last window of ${interval} s)`,
});

const isExact = (total, key) => total[key + '_lower'] === total[key + '_upper'];
const isKnown = (value) => value !== undefined && value !== null;

// Of what overlaps between nodes: the estimated union, or the bounds between which it lies.
export const distinctText = (total, key) =>
  (total.upperBounds?.includes(key) ? '≤ ' : isExact(total, key) ? '' : '≈ ') + count(total[key]);

const distinct = (key, label) => ({
  key, label,
  value: ({total}) => distinctText(total, key),
  detail: ({total}) => (total.upperBounds.includes(key) ? `at least ${count(total[key + '_lower'])}`
    : isExact(total, key) ? 'distinct' : `${count(total[key + '_lower'])} … ${count(total[key + '_upper'])}`),
  hover: ({total}) => `between ${exact(total[key + '_lower'], 'count')} and ${exact(total[key + '_upper'], 'count')}`,
});

// Mean, quantile and maximum are of one window: all three from the same response of /cluster.
const latency = (side, label) => ({
  key: `time_${side}_mean`, label,
  value: ({total}) => nanos(total[`time_${side}_mean`]),
  detail: () => 'mean',
  hover: ({total}) => `mean ${exact(total[`time_${side}_mean`], 'nanos')}, max ${exact(total[`time_${side}_max`], 'nanos')}`,
});

const time = (key, label) => ({
  key, label,
  value: ({total}) => (isKnown(total[key]) ? nanos(total[key]) : '–'),
  hover: ({total}) => (isKnown(total[key]) ? exact(total[key], 'nanos') : 'not all nodes publish histograms'),
});

const gauge = (key, label, write, detail) => ({
  key, label,
  value: ({total}) => write(total[key]),
  detail,
  hover: ({total}) => exact(total[key], FIELD.get(key).kind),
});

const perNode = (key, write) => ({total, present}) => `${write(Math.round(total[key] / Math.max(1, present)))} per node`;

// Used cores of those that there are, each machine counted once.
export function coresText({cpu_usage: used, num_cpu: cores}) {
  return cores > 0 ? `${coresUsed(used)} of ${whole(cores)} cores` : `${coresUsed(used)} cores`;
}

const coresUsed = (percent) => (percent < 1_000 ? (percent / 100).toFixed(1) : whole(Math.round(percent / 100)));
const coresShare = ({cpu_usage: used, num_cpu: cores}) => (cores > 0 ? `${Math.round(used / cores)} %` : `${coresUsed(used)} cores`);

const imbalance = (key) => ({
  key: 'imbalance_' + key, label: 'max/mean',
  value: ({imbalance: all}) => (all?.[key] ? `${all[key].max_over_mean.toFixed(2)} ×` : '–'),
  hover: ({imbalance: all}) => (all?.[key] ? `the busiest of ${all[key].nodes} nodes against their mean; coefficient of variation ${all[key].variation}` : 'not known yet'),
});

const GONE = ['draining', 'stale', 'lost', 'left', 'restarted'];

export const GROUPS = [
  {title: 'People', large: [gauge('num_clients', 'Clients', count, perNode('num_clients', count)), distinct('num_unique_clients', 'Users')],
    small: [distinct('num_channels', 'channels'), imbalance('num_clients')]},
  {title: 'Traffic', large: [perSecond('num_msg_sent', 'Messages sent'), perSecond('bytes_client_out', 'Bytes out')],
    small: [perSecond('num_msg_published', 'published'), perSecond('bytes_client_in', 'bytes in'),
      perSecond('num_client_requests', 'client requests'), perSecond('num_api_requests', 'API requests')]},
  {title: 'Latency', large: [latency('client', 'Client requests'), latency('api', 'API requests')],
    small: [time('time_client_p99', 'client p99'), time('time_api_p99', 'API p99'),
      time('time_client_max', 'client max'), time('time_api_max', 'API max')]},
  {title: 'Machines', large: [{
    key: 'nodes', label: 'Nodes',
    value: ({present}) => whole(present),
    detail: ({states}) => GONE.filter((state) => states[state] > 0).map((state) => `${whole(states[state])} ${state}`).slice(0, 2).join(' · ') || 'all live',
    hover: ({states}) => Object.entries(states).map(([state, number]) => `${number} ${state}`).join(', '),
  }, {
    key: 'cpu_usage', label: 'CPU',
    value: ({total}) => coresShare(total),
    detail: ({total}) => coresText(total),
    hover: ({total}) => exact(total.cpu_usage, 'percent'),
  }], small: [gauge('memory_sys', 'memory', bytes), imbalance('cpu_usage')]},
];

// The fields whose course is drawn.
export const COURSES = GROUPS.flatMap(({large}) => large.map(({key}) => key));

const WIDTH = 120;
const HEIGHT = 26;

// A path through the points; a hole where there was nothing.
export function sparkPath(points, key, byRate, from, to) {
  // of what is not known, but at most
  const values = points.map((point) => valueAt(point, key, byRate) ?? valueAt(point, key + '_upper', byRate));
  const known = values.filter((value) => value !== null);
  if (known.length < 2) {
    return '';
  }
  const low = known.reduce((a, b) => Math.min(a, b));
  const high = known.reduce((a, b) => Math.max(a, b));
  // what hardly moves is a flat line, not a mountain range
  const span = Math.max(high - low, high * 0.1, 1e-9);
  const middle = (high + low) / 2;
  let path = '';
  let pen = 'M';
  values.forEach((value, index) => {
    if (value === null) {
      pen = 'M';
      return;
    }
    const x = (points[index].at - from) / (to - from) * WIDTH;
    const y = HEIGHT / 2 - (value - middle) / span * (HEIGHT - 4);
    path += `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
    pen = 'L';
  });
  return path;
}

export class Groups {
  #figures = [];

  constructor(container) {
    for (const {title, large, small} of GROUPS) {
      container.append(el('section', {class: 'group', 'aria-label': title}, el('h2', {}, title),
          el('div', {class: 'large'}, ...large.map((figure) => this.#large(figure))),
          el('div', {class: 'small'}, ...small.map((figure) => this.#small(figure)))));
    }
  }

  #large(figure) {
    const value = el('dd', {class: 'value'});
    const detail = el('dd', {class: 'detail'});
    const path = svg('path');
    const spark = svg('svg', {viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true'}, path);
    this.#figures.push({figure, value, detail, path});
    return el('dl', {class: 'tile', 'data-tile': figure.key}, el('dt', {}, figure.label), value, detail, spark);
  }

  #small(figure) {
    const value = el('dd', {class: 'value'});
    this.#figures.push({figure, value});
    return el('dl', {'data-tile': figure.key}, el('dt', {}, figure.label), value);
  }

  // what: {total, interval, present, states, imbalance}
  render(what) {
    for (const {figure, value, detail} of this.#figures) {
      setText(value, figure.value(what));
      setAttribute(value, 'title', figure.hover(what));
      if (detail) {
        setText(detail, figure.detail(what));
      }
    }
  }

  renderSparks(points, from, to) {
    for (const {figure, path} of this.#figures) {
      if (path) {
        setAttribute(path, 'd', sparkPath(points, figure.key, figure.perSecond, from, to));
      }
    }
  }
}
