// One extra value of the cluster over the range that is looked at, chosen in the table.

import {Charts} from './charts.js';
import {el} from './dom.js';
import {count, nanos, rate} from './format.js';
import {historyPoints} from './series.js';

const REFRESH_MILLIS = 10_000;

const line = (key, colour) => ({key, label: key, colour});
const QUANTILES = ['p50', 'p99', 'max'];

function definition(name, {kind, rule}) {
  if (rule === 'histogram') {
    return {title: name, write: nanos, logarithmic: true, lines: QUANTILES.map((key, index) => line(key, index + 2))};
  }
  const perSecond = kind === 'counter' && rule === 'sum';
  return {title: name, perSecond, write: perSecond ? (value) => rate(value, 'count') : count, lines: [line('value', 1)]};
}

// In a pattern a question mark matches every character.
const pattern = (name) => name.replaceAll('*', '?');

export class ExtraChart {
  #name = '';
  #charts = null;
  #points = [];
  #askedAt = 0;
  #askedSpan = 0;

  // get: the JSON of a path
  constructor(get) {
    this.get = get;
    this.element = el('div', {class: 'charts', 'data-extra-chart': ''});
    this.element.hidden = true;
  }

  get name() {
    return this.#name;
  }

  // Shows a value, or none if it is shown already.
  choose(name) {
    this.#charts?.close();
    this.#charts = null;
    this.#points = [];
    this.#askedAt = 0;
    this.#name = name === this.#name ? '' : name;
    this.element.hidden = this.#name === '';
  }

  render(span, membership, now) {
    if (this.#name === '') {
      return;
    }
    if (now - this.#askedAt >= REFRESH_MILLIS || span !== this.#askedSpan) {
      this.#askedAt = now;
      this.#askedSpan = span;
      this.#ask(this.#name, span);
    }
    this.#charts?.render(this.#points, membership, now - span * 1000, now);
  }

  async #ask(name, span) {
    const {times, step, fields, extras} = await this.get(
        `history?from=-${span}s&fields=seconds&extras=${encodeURIComponent(pattern(name))}`).catch(() => ({}));
    if (name !== this.#name || !times) {
      return;
    }
    const columns = Object.entries(extras?.[name] ?? {}).filter(([, values]) => Array.isArray(values));
    this.#points = historyPoints({times, step, fields: {...Object.fromEntries(columns), seconds: fields.seconds}});
    this.#charts ??= new Charts(this.element, [definition(name, extras?.[name] ?? {})], 'cluster');
  }

  repaint() {
    this.#charts?.repaint();
  }
}
