// The history of the range that is looked at, asked for again as windows end.

import {clock, seconds} from './format.js';
import {CLUSTER_CHARTS} from './layout.js';
import {historyPoints} from './series.js';
import {TILES} from './tiles.js';

const SOONEST_MILLIS = 10_000;
const SHORTEST_STEP_SECONDS = 10;

const withBounds = ({key, bounded}) => (bounded ? [key + '_lower', key, key + '_upper'] : [key]);
const HISTORY_FIELDS = [...new Set(['seconds', ...TILES.map(({key}) => key),
  ...CLUSTER_CHARTS.flatMap(({lines}) => lines.flatMap(withBounds))])];

const query = (span) => `history?from=-${span}s&fields=${HISTORY_FIELDS.join(',')}`;

export class Past {
  points = [];
  step = 0;
  note = '';
  #span = 0;
  #askedAt = 0;

  // fetch: the response of a path
  constructor(fetch) {
    this.fetch = fetch;
  }

  // Once: the points of the last "span" seconds.
  async recent(span) {
    return historyPoints(await (await this.fetch(query(span))).json());
  }

  // Follows the last "span" seconds until leave().
  async follow(span, now) {
    const changed = span !== this.#span;
    if (changed) {
      this.#span = span;
      this.points = [];
      this.note = 'Asking for the history …';
    } else if (now - this.#askedAt < Math.max(SOONEST_MILLIS, this.step * 1000 / 5)) {
      return;
    }
    this.#askedAt = now;
    try {
      const response = await this.fetch(query(span));
      const history = await response.json();
      if (span === this.#span) {
        this.points = historyPoints(history);
        this.step = Math.max(SHORTEST_STEP_SECONDS, history.step);
        this.note = describe(history, this.points, Number(response.headers.get('X-Tacho-Stale-Ms') ?? 0));
      }
    } catch {
      if (span === this.#span && this.points.length === 0) {
        this.note = 'The history is not available now; trying again.';
      }
    }
  }

  leave() {
    this.#span = 0;
    this.points = [];
  }
}

const length = (value) => seconds(Number(value)).replace(/ 00[smh]$/, '');

// What is to be known of these points.
function describe({step, windows, left_out: leftOut}, points, staleMillis) {
  const first = points.findIndex((point) => point.total !== null);
  const gaps = points.filter((point, index) => index > first && point.total === null).length;
  const intervals = Object.keys(windows);
  const parts = [];
  if (first < 0) {
    parts.push('No history of this time: it begins with the first window that nodes upload to Redis');
  } else {
    parts.push(`steps of ${length(step)}`);
    if (first > 0) {
      parts.push(`known since ${clock(points[first].at - points[first].span).slice(0, 5)}`);
    }
    if (gaps > 0) {
      parts.push(`${gaps} of ${points.length - first} are gaps`);
    }
    if (intervals.length > 1) {
      parts.push(`nodes of different windows: ${intervals.map(length).join(', ')}`);
    }
  }
  for (const interval of Object.keys(leftOut)) {
    parts.push(`without windows of ${length(interval)}, which are longer than a step`);
  }
  if (staleMillis > 0) {
    parts.push(`as it was ${seconds(staleMillis / 1000)} ago`);
  }
  return parts.join(' · ');
}
