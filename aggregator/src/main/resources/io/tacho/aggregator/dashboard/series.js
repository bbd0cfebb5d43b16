// The cluster's numbers over time as points: {at, span, interval, total, zone}. A point covers the span of milliseconds that ends
// at its time; in a gap the total is null; counters cover the seconds of the interval; the zone is that of the days of a history.

const STEP_MILLIS = 5_000;

const row = (fields, index) => Object.fromEntries(Object.entries(fields).map(([key, values]) => [key, values[index]]));

// Of the long-term history; a day may have an hour more or less.
export const UNIT_SECONDS = {hour: 3_600, day: 86_400};

export const isDay = (span) => span > 80_000_000;

// From /history. What is not known at its end is yet to come, and no gap.
export function historyPoints({times, step: steps, unit, zone, fields}) {
  const step = steps ?? UNIT_SECONDS[unit];
  const points = times.map((time, index) => ({
    at: (time + step) * 1000, span: step * 1000, interval: fields.seconds[index] ?? 0, zone,
    total: fields.seconds[index] === null ? null : row(fields, index),
  }));
  // a step that is not over is left out, unless so little is known that it is most of it
  const full = points.filter((point) => point.interval >= 0.9 * step).length;
  while (points.length > 0 && points.at(-1).interval < (full > 1 ? 0.9 * step : 0.001)) {
    points.pop();
  }
  return points;
}

// From /nodes/<uid>/series.
export function nodePoints({start_ms: starts, end_ms: ends, fields}) {
  return ends.map((at, index) => {
    const span = at - starts[index];
    return {at, span, interval: span / 1000, total: row(fields, index)};
  });
}

// Where nothing was seen for long there is a hole.
export function withHoles(points) {
  return points.flatMap((point, index) => {
    const before = points[index - 1];
    return before && point.at - before.at > Math.max(4 * STEP_MILLIS, 1.5 * point.span, 1.5 * before.span)
      ? [{at: before.at + 1, span: 0, interval: 0, total: null}, point] : [point];
  });
}

// Of each point the one of the other points that covers its time; undefined if there is none. Both are in order.
export function aligned(points, others) {
  let index = 0;
  return points.map(({at}) => {
    while (index < others.length && others[index].at < at) {
      index++;
    }
    const other = others[index];
    return other && other.total && other.at - Math.max(other.span, STEP_MILLIS) <= at ? other : undefined;
  });
}

// A point's value: of a counter the rate a second.
export function valueAt(point, key, perSecond) {
  const value = point.total?.[key];
  if (value === undefined || value === null) {
    return null;
  }
  return perSecond ? value / (point.interval || 1) : value;
}

const APART_MILLIS = 4 * STEP_MILLIS;

// The last minutes: the events that this page has received, and the history where it has received none.
export class LiveSeries {
  #points = [];

  constructor(keptSeconds) {
    this.keptMillis = keptSeconds * 1000;
  }

  load(points) {
    const own = this.#points.filter((point) => !point.isLoaded);
    // the clock of the server may be ahead of this one
    const end = own.at(-1)?.at ?? Infinity;
    const isApart = ({at}) => at < end && own.every((point) => Math.abs(point.at - at) > APART_MILLIS);
    const loaded = points.filter(isApart).map((point) => ({...point, isLoaded: true}));
    this.#points = [...own, ...loaded].sort((a, b) => a.at - b.at);
  }

  // Takes the totals of now; within a step the last ones hold.
  add(at, interval, total) {
    const last = this.#points.at(-1);
    const point = {at, span: STEP_MILLIS, interval, total};
    if (last && at - last.at < STEP_MILLIS / 2) {
      point.at = last.at;
      this.#points[this.#points.length - 1] = point;
    } else if (!last || at - last.at >= STEP_MILLIS - 250) {
      this.#points.push(point);
    }
    while (this.#points[0].at < at - this.keptMillis) {
      this.#points.shift();
    }
  }

  points() {
    return withHoles(this.#points);
  }
}
