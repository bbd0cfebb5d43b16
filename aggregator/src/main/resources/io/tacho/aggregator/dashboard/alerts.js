// A quiet line that says which rules are broken; nothing where there are no rules.

import {setAttribute, setText} from './dom.js';

const TURN_MILLIS = 5_000;
/** Rules may come with a change of the settings. */
const WITHOUT_RULES_MILLIS = 60_000;

export class Alerts {
  #element;
  #get;
  #askedAt = 0;
  #pause = TURN_MILLIS;

  constructor(element, get) {
    this.#element = element;
    this.#get = get;
  }

  /** Asks when it is time. */
  async pass(now) {
    if (now - this.#askedAt < this.#pause) {
      return;
    }
    this.#askedAt = now;
    try {
      const {configured, alerts} = await this.#get('alerts');
      this.#pause = configured ? TURN_MILLIS : WITHOUT_RULES_MILLIS;
      this.#show(alerts.filter((alert) => alert.status === 'firing'));
    } catch {
      // the next turn asks again; the connection says what is wrong
    }
  }

  #show(firing) {
    const loud = firing.filter((alert) => !alert.silenced);
    const counts = new Map();
    loud.forEach((alert) => counts.set(alert.rule, (counts.get(alert.rule) ?? 0) + 1));
    const parts = [...counts].map(([rule, count]) => (count > 1 ? `${rule} (${count})` : rule));
    if (firing.length > loud.length) {
      parts.push(`${firing.length - loud.length} silenced`);
    }
    this.#element.hidden = firing.length === 0;
    setText(this.#element, `Alerts: ${parts.join(', ')}`);
    setAttribute(this.#element, 'title', firing.slice(0, 20).map((alert) => alert.text).join('\n'));
  }
}
