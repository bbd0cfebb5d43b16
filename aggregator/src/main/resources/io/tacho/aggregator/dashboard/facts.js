// What only the aggregator knows and the events do not have: unions, quantiles, outliers, warnings, labels, alerts.

const FACTS_MILLIS = 5_000;
const DESCRIPTION_MILLIS = 10_000;
const ALERTS_MILLIS = 5_000;
const IN_EFFECT_MILLIS = 1_500; // a silence is in effect within a second
const ALERTS_WITHOUT_RULES_MILLIS = 60_000; // rules may be added by a reload of the configuration
const LATE_MILLIS = 30_000;
const SHORTEST_HOLD_MILLIS = 15_000;

// At the boundary of windows a beat may be without its sketch. The last estimate holds for up to three windows
// rather than a sum that counts users several times.
export class SteadyUnions {
  #last = new Map();

  apply(facts, intervalSeconds, now) {
    const {merged = {}, numbers, upper_bounds: bounds = []} = facts;
    const held = Math.max(SHORTEST_HOLD_MILLIS, 3_000 * intervalSeconds);
    const upperBounds = bounds.filter((key) => {
      const last = this.#last.get(key);
      if (!last || now - last.at > held || merged[key] === undefined) {
        return true;
      }
      numbers[key] = Math.min(merged[key].sum, Math.max(merged[key].max, last.number));
      merged[key] = {...merged[key], union: last.union};
      return false;
    });
    for (const [key, value] of Object.entries(merged)) {
      if (value?.union && !bounds.includes(key)) {
        this.#last.set(key, {at: now, number: numbers[key], union: value.union});
      }
    }
    return {...facts, upper_bounds: upperBounds};
  }
}

export class Facts {
  cluster = {};
  alerts = {alerts: [], silences: [], configured: false};
  #unions = new SteadyUnions();
  #askedAt = 0;
  #version = -1;
  #describedAt = 0;
  #alertsAt = 0;
  #waitingSince = new Map(); // by path, the time of the first request since the last response

  // get: the JSON of a path; view: the cluster as the events show it; onChange is called with what was received
  constructor(get, view, onChange) {
    this.get = get;
    this.view = view;
    this.onChange = onChange;
  }

  // Makes the next pollIfDue() ask for everything.
  expire() {
    this.#askedAt = 0;
    this.#version = -1;
    this.#alertsAt = 0;
  }

  // Makes pollIfDue() ask for the alerts once a change is in effect.
  expireAlerts(now) {
    this.#alertsAt = now + IN_EFFECT_MILLIS - ALERTS_MILLIS;
  }

  pollIfDue(now) {
    const {view} = this;
    if (view.version !== this.#version && now - this.#askedAt >= FACTS_MILLIS) {
      this.#askedAt = now;
      this.#version = view.version;
      this.#ask('cluster', now, (cluster) => {
        this.cluster = this.#unions.apply(cluster, view.metricsInterval, now);
        this.#markOutliers();
        this.onChange('cluster');
      });
    }
    if (now - this.#describedAt >= DESCRIPTION_MILLIS && view.hasUndescribed()) {
      this.#describedAt = now;
      this.#ask('nodes', now, ({nodes}) => {
        view.describe(nodes);
        this.onChange('nodes');
      });
    }
    if (now - this.#alertsAt >= (this.alerts.configured || this.#waitingSince.has('alerts') ? ALERTS_MILLIS : ALERTS_WITHOUT_RULES_MILLIS)) {
      this.#alertsAt = now;
      this.#ask('alerts', now, (alerts) => {
        this.alerts = alerts;
        this.onChange('alerts');
      });
    }
  }

  async #ask(path, now, take) {
    let body;
    this.#waitingSince.set(path, this.#waitingSince.get(path) ?? now);
    try {
      body = await this.get(path);
    } catch {
      return; // the next interval requests again
    }
    this.#waitingSince.delete(path);
    take(body);
  }

  // The milliseconds since the aggregator responded about the cluster or the alerts, if it should have long since; otherwise 0.
  age(now) {
    const since = Math.min(...['cluster', 'alerts'].map((path) => this.#waitingSince.get(path) ?? now));
    return now - since > LATE_MILLIS ? now - since : 0;
  }

  #markOutliers() {
    const byUid = Map.groupBy(this.cluster.outliers?.deviations ?? [], ({uid}) => uid);
    this.view.nodes.forEach((node) => {
      node.deviations = byUid.get(node.uid);
    });
  }

  // The outliers with their deviations, the largest factor first: [{uid, name, deviations}].
  outliers() {
    const byUid = Map.groupBy(this.cluster.outliers?.deviations ?? [], ({uid}) => uid);
    return [...byUid].map(([uid, deviations]) => ({uid, name: deviations[0].name, deviations}));
  }

  firing() {
    return this.alerts.alerts.filter((alert) => alert.status === 'firing');
  }
}
