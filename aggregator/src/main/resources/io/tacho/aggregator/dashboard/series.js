// The cluster's totals over time: what the aggregator remembers, then what this page has seen itself. One point a step.

const STEP_MILLIS = 5_000;
const KEPT_MILLIS = 3_600_000;

export class Series {
  points = []; // {at, total, interval, p99: {client, api}}, in order of time
  since = 0; // what the aggregator remembers begins here
  version = 0;

  // From /series: columns of equal length.
  load({times, metrics_interval: intervals, fields}) {
    const remembered = times.map((at, index) => {
      const total = {};
      for (const [key, values] of Object.entries(fields)) {
        total[key] = values[index];
      }
      return {at, interval: intervals[index], total};
    });
    const first = this.points[0]?.at ?? Infinity;
    this.points = [...remembered.filter((point) => point.at < first), ...this.points];
    this.version++;
  }

  // Takes the totals of now; within a step the last ones hold.
  add(at, interval, total) {
    const last = this.points.at(-1);
    const point = {at, interval, total};
    if (last && at - last.at < STEP_MILLIS / 2) {
      point.at = last.at;
      this.points[this.points.length - 1] = point;
    } else if (!last || at - last.at >= STEP_MILLIS - 250) {
      this.points.push(point);
    } else {
      return;
    }
    while (this.points[0].at < at - KEPT_MILLIS) {
      this.points.shift();
    }
    this.version++;
  }

  // The points of the last so many seconds; where nothing was seen for long there is a hole.
  last(seconds, now) {
    const from = now - seconds * 1000;
    const found = [];
    let before = 0;
    for (const point of this.points) {
      if (point.at >= from) {
        if (before && point.at - before > 4 * STEP_MILLIS) {
          found.push({at: before + STEP_MILLIS, interval: 0, total: null});
        }
        found.push(point);
      }
      before = point.at;
    }
    return found;
  }
}

// A point's value: of a counter the rate a second.
export function valueAt(point, key, perSecond) {
  const value = point.total?.[key];
  if (value === undefined || value === null) {
    return null;
  }
  return perSecond ? value / (point.interval || 1) : value;
}

// The last beats of single nodes, for their own pages: some fields, in bounded memory.
export class NodeSeries {
  static FIELDS = ['num_clients', 'num_msg_published', 'num_msg_sent', 'num_client_requests', 'num_api_requests',
    'bytes_client_in', 'bytes_client_out', 'time_client_mean', 'time_client_max', 'cpu_usage', 'memory_sys'];
  static BEATS = 180;
  static NODES = 2_000;

  #rings = new Map();

  add(uid, at, values) {
    let ring = this.#rings.get(uid);
    if (!ring) {
      if (this.#rings.size >= NodeSeries.NODES) {
        return;
      }
      ring = {next: 0, rows: new Float64Array(0)};
      this.#rings.set(uid, ring);
    }
    const width = NodeSeries.FIELDS.length + 1;
    const index = ring.next % NodeSeries.BEATS;
    if ((index + 1) * width > ring.rows.length) {
      // it grows with what it holds: most nodes are never looked at for an hour
      const grown = new Float64Array(Math.min(NodeSeries.BEATS, Math.max(8, 2 * (index + 1))) * width);
      grown.set(ring.rows);
      ring.rows = grown;
    }
    ring.rows[index * width] = at;
    NodeSeries.FIELDS.forEach((key, column) => {
      ring.rows[index * width + column + 1] = values[key];
    });
    ring.next++;
  }

  forget(uid) {
    this.#rings.delete(uid);
  }

  // As points, in order of time.
  points(uid, interval) {
    const ring = this.#rings.get(uid);
    if (!ring) {
      return [];
    }
    const width = NodeSeries.FIELDS.length + 1;
    const points = [];
    for (let beat = Math.max(0, ring.next - NodeSeries.BEATS); beat < ring.next; beat++) {
      const start = (beat % NodeSeries.BEATS) * width;
      const total = {};
      NodeSeries.FIELDS.forEach((key, column) => {
        total[key] = ring.rows[start + column + 1];
      });
      points.push({at: ring.rows[start], interval, total});
    }
    return points;
  }
}
