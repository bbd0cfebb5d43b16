// A line with the firing alerts by rule; hidden if none is firing.

import {setAttribute, setText} from './dom.js';

const POLL_MILLIS = 5_000;
/** Rules may be added by a reload of the configuration. */
const POLL_WITHOUT_RULES_MILLIS = 60_000;

export class Alerts {
  #element;
  #get;
  #polledAt = 0;
  #interval = POLL_MILLIS;

  constructor(element, get) {
    this.#element = element;
    this.#get = get;
  }

  /** Fetches and shows the alerts if the poll interval has passed. */
  async pollIfDue(now) {
    if (now - this.#polledAt < this.#interval) {
      return;
    }
    this.#polledAt = now;
    try {
      const {configured, alerts} = await this.#get('alerts');
      this.#interval = configured ? POLL_MILLIS : POLL_WITHOUT_RULES_MILLIS;
      this.#show(alerts.filter((alert) => alert.status === 'firing'));
    } catch {
      // retried at the next poll; the connection status shows the error
    }
  }

  #show(firing) {
    const active = firing.filter((alert) => !alert.silenced);
    const counts = new Map();
    active.forEach(({labels}) => counts.set(labels.alertname, (counts.get(labels.alertname) ?? 0) + 1));
    const parts = [...counts].map(([rule, count]) => (count > 1 ? `${rule} (${count})` : rule));
    if (firing.length > active.length) {
      parts.push(`${firing.length - active.length} silenced`);
    }
    this.#element.hidden = firing.length === 0;
    setText(this.#element, `Alerts: ${parts.join(', ')}`);
    setAttribute(this.#element, 'title', firing.slice(0, 20).map((alert) => alert.annotations.summary).join('\n'));
  }
}
