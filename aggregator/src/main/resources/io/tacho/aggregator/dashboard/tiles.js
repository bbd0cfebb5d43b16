// The cluster at a glance: a number, what it means, and how it went.

import {count, bytes, exact, nanos, percent, rate} from './format.js';
import {FIELD} from './fields.js';
import {valueAt} from './series.js';
import {el, setAttribute, setText, svg} from './dom.js';

const perSecond = (key, label) => ({
  key, label, perSecond: true,
  value: ({total, interval}) => rate(total[key] / interval, FIELD.get(key).kind),
  detail: ({total, interval}) => `${count(total[key])} in ${interval} s`.replace(/^.* in/,
      FIELD.get(key).kind === 'bytes' ? `${bytes(total[key])} in` : '$&'),
  hover: ({total}) => exact(total[key], FIELD.get(key).kind),
});

// Of what overlaps between nodes: the estimated union, or the bounds between which it lies.
const distinct = (key, label) => ({
  key, label,
  value: ({total}) => (total.upperBounds.includes(key) ? '≤ ' : isExact(total, key) ? '' : '≈ ') + count(total[key]),
  detail: ({total}) => total.upperBounds.includes(key) ? `≥ ${count(total[key + '_lower'])} distinct`
    : isExact(total, key) ? 'distinct' : `${count(total[key + '_lower'])} … ${count(total[key + '_upper'])}`,
  hover: ({total}) => `between ${exact(total[key + '_lower'], 'count')} and ${exact(total[key + '_upper'], 'count')}`,
});

const isExact = (total, key) => total[key + '_lower'] === total[key + '_upper'];

// Mean, quantile and maximum are of one window: all three from the same response of /cluster.
const latency = (side, label) => ({
  key: `time_${side}_mean`, label,
  value: ({total}) => nanos(total[`time_${side}_mean`]),
  detail: ({total}) => (isKnown(total[`time_${side}_p99`]) ? `p99 ${nanos(total[`time_${side}_p99`])} · ` : '')
      + `max ${nanos(total[`time_${side}_max`])}`,
  hover: ({total}) => `mean ${exact(total[`time_${side}_mean`], 'nanos')}, max ${exact(total[`time_${side}_max`], 'nanos')}`,
});

const isKnown = (value) => value !== undefined && value !== null;

const gauge = (key, label, write, detail) => ({
  key, label,
  value: ({total}) => write(total[key]),
  detail,
  hover: ({total}) => exact(total[key], FIELD.get(key).kind),
});

const perNode = (key, write) => ({total, present}) => `${write(total[key] / Math.max(1, present))} a node`;

export const TILES = [
  {
    key: 'nodes', label: 'Nodes',
    value: ({present}) => count(present),
    detail: ({states}) => ['draining', 'stale', 'lost', 'left', 'restarted'].filter((state) => states[state] > 0)
        .map((state) => `${states[state]} ${state}`).slice(0, 2).join(' · ') || 'all live',
    hover: ({states}) => Object.entries(states).map(([state, number]) => `${number} ${state}`).join(', '),
  },
  gauge('num_clients', 'Clients', count, perNode('num_clients', (value) => count(Math.round(value)))),
  distinct('num_unique_clients', 'Users'),
  distinct('num_channels', 'Channels'),
  perSecond('num_msg_published', 'Published'),
  perSecond('num_msg_sent', 'Sent'),
  perSecond('bytes_client_in', 'Bytes in'),
  perSecond('bytes_client_out', 'Bytes out'),
  perSecond('num_client_requests', 'Client requests'),
  perSecond('num_api_requests', 'API requests'),
  latency('client', 'Client latency, mean'),
  latency('api', 'API latency, mean'),
  gauge('memory_sys', 'Memory', bytes, perNode('memory_sys', (value) => bytes(Math.round(value)))),
  gauge('cpu_usage', 'CPU', percent, perNode('cpu_usage', percent)),
];

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
  const low = Math.min(...known);
  const high = Math.max(...known);
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

export class Tiles {
  #tiles = [];

  constructor(container) {
    for (const tile of TILES) {
      const value = el('dd', {class: 'value'});
      const detail = el('dd', {class: 'detail'});
      const path = svg('path');
      const spark = svg('svg', {viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true'}, path);
      container.append(el('dl', {class: 'tile', 'data-tile': tile.key}, el('dt', {}, tile.label), value, detail, spark));
      this.#tiles.push({tile, value, detail, path});
    }
  }

  // what: {total, interval, present, states}
  render(what) {
    for (const {tile, value, detail} of this.#tiles) {
      setText(value, tile.value(what));
      setText(detail, tile.detail(what));
      setAttribute(value, 'title', tile.hover(what));
    }
  }

  renderSparks(points, from, to) {
    for (const {tile, path} of this.#tiles) {
      setAttribute(path, 'd', sparkPath(points, tile.key, tile.perSecond, from, to));
    }
  }
}
