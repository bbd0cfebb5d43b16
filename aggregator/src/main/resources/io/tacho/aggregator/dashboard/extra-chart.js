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
  #asked = '';

  // get: the JSON of a path; onChange is called when there is something new to draw
  constructor(get, onChange) {
    this.get = get;
    this.onChange = onChange;
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

  // range: {from, to, isFixed} in milliseconds
  render(range, markers, now) {
    if (this.#name === '') {
      return;
    }
    const span = Math.round((range.to - range.from) / 1000);
    const time = range.isFixed ? `from=${range.from / 1000}&to=${range.to / 1000}` : `from=-${span}s`;
    if (now - this.#askedAt >= REFRESH_MILLIS || time !== this.#asked) {
      this.#askedAt = now;
      this.#asked = time;
      this.#ask(this.#name, time);
    }
    this.#charts?.render(this.#points, {...range, markers});
  }

  async #ask(name, time) {
    const {times, step, fields, extras} = await this.get(
        `history?${time}&fields=seconds&extras=${encodeURIComponent(pattern(name))}`).catch(() => ({}));
    if (name !== this.#name || !times) {
      return;
    }
    const columns = Object.entries(extras?.[name] ?? {}).filter(([, values]) => Array.isArray(values));
    this.#points = historyPoints({times, step, fields: {...Object.fromEntries(columns), seconds: fields.seconds}});
    this.onChange();
    this.#charts ??= new Charts(this.element, [definition(name, extras?.[name] ?? {})], {syncKey: 'cluster'});
  }

  repaint() {
    this.#charts?.repaint();
  }
}
