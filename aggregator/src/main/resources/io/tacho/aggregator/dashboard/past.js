// The history of the range that is looked at, asked for again as windows end; and of the same range a day or a week before.

import {dayOf, seconds, timestamp} from './format.js';
import {CLUSTER_CHARTS} from './layout.js';
import {UNIT_SECONDS, historyPoints, isDay} from './series.js';
import {COURSES} from './groups.js';

const SOONEST_MILLIS = 10_000;
const SHORTEST_STEP_SECONDS = 10;
const DAY_SECONDS = 86_400;
const LONGEST_OF_WINDOWS_SECONDS = 2 * DAY_SECONDS;
const LONGEST_OF_HOURS_SECONDS = 60 * DAY_SECONDS;

const withBounds = ({key, bounded}) => (bounded ? [key + '_lower', key, key + '_upper'] : [key]);
const HISTORY_FIELDS = [...new Set(['seconds', ...COURSES,
  ...CLUSTER_CHARTS.flatMap(({lines}) => lines.flatMap(withBounds))])];

// Windows are kept for a day or so, hours for months: longer ranges are made of these.
export function unitOf({from, to}) {
  const span = (to - from) / 1000;
  return span > LONGEST_OF_HOURS_SECONDS ? 'day' : span > LONGEST_OF_WINDOWS_SECONDS ? 'hour' : '';
}

// A moving range is relative, so that all pages ask the same.
export function historyQuery({from, to, isFixed}, agoSeconds = 0, unit = '') {
  const span = Math.round((to - from) / 1000);
  const time = isFixed ? `from=${Math.round(from / 1000) - agoSeconds}&to=${Math.round(to / 1000) - agoSeconds}`
    : `from=-${span + agoSeconds}s` + (agoSeconds > 0 ? `&to=-${agoSeconds}s` : '');
  return `history?${time}${unit ? `&unit=${unit}` : ''}&fields=${HISTORY_FIELDS.join(',')}`;
}

const identityOf = ({from, to, isFixed}, agoSeconds) => [isFixed ? `${from}-${to}` : Math.round((to - from) / 1000), agoSeconds].join('/');

// The points of a range that is followed.
export class Past {
  points = [];
  step = 0;
  note = '';
  #followed = '';
  #askedAt = 0;
  #waitMillis = SOONEST_MILLIS;

  // fetch: the response of a path
  constructor(fetch) {
    this.fetch = fetch;
  }

  // Once: the points of a range.
  async once(range) {
    return historyPoints(await (await this.fetch(historyQuery(range))).json());
  }

  // Follows a range until leave(); with agoSeconds the range that long before, moved to the time of this one.
  async follow(range, now, agoSeconds = 0) {
    const identity = identityOf(range, agoSeconds);
    if (identity !== this.#followed) {
      this.#followed = identity;
      this.points = [];
      this.step = 0;
      this.note = 'Asking for the history …';
    } else if (now - this.#askedAt < this.#waitMillis) {
      return;
    }
    this.#askedAt = now;
    this.#waitMillis = SOONEST_MILLIS;
    try {
      let [history, staleMillis] = await this.#ask(range, agoSeconds, unitOf(range));
      let points = historyPoints(history);
      if (agoSeconds > 0 && !history.unit && points.every(({total}) => total === null)) {
        // the windows of that time have expired, its hours have not
        [history, staleMillis] = await this.#ask(range, agoSeconds, 'hour');
        points = historyPoints(history);
      }
      if (identity === this.#followed) {
        this.points = points.map((point) => ({...point, at: point.at + agoSeconds * 1000}));
        this.step = Math.max(SHORTEST_STEP_SECONDS, history.step ?? UNIT_SECONDS[history.unit]);
        this.#waitMillis = Math.max(SOONEST_MILLIS, this.step * 1000 / 5);
        this.note = describe(history, this.step, this.points, staleMillis);
      }
    } catch {
      if (identity === this.#followed) {
        this.note = 'The history is not available now; trying again.';
      }
    }
  }

  async #ask(range, agoSeconds, unit) {
    const response = await this.fetch(historyQuery(range, agoSeconds, unit));
    return [await response.json(), Number(response.headers.get('X-Tacho-Stale-Ms') ?? 0)];
  }

  leave() {
    if (this.#followed === '') {
      return;
    }
    this.#followed = '';
    this.points = [];
    this.note = '';
  }
}

const length = (value) => seconds(Number(value)).replace(/ 00[smh]$/, '');

// What is to be known of these points.
function describe({windows = {}, left_out: leftOut = {}}, step, points, staleMillis) {
  const first = points.findIndex((point) => point.total !== null);
  const gaps = points.filter((point, index) => index > first && point.total === null).length;
  const intervals = Object.keys(windows);
  const parts = [];
  if (first < 0) {
    parts.push('No history of this time: it begins with the first window that nodes upload to Redis');
  } else {
    parts.push(`steps of ${length(step)}`);
    if (first > 0) {
      const {at, span, zone} = points[first];
      parts.push(`known since ${isDay(span) ? dayOf(at - span, zone) : timestamp(at - span, Date.now())}`);
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
