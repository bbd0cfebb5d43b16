// The values beyond the 22 fields, of the cluster or of a node: a table, which is hidden while there are none.

import {count, exact, nanos} from './format.js';
import {el, setAttribute, setText} from './dom.js';

export class ExtrasTable {
  #rows = new Map();

  // onChoose: what to do with the name of the value that is chosen; without, none can be
  constructor(label, onChoose = null) {
    this.onChoose = onChoose;
    this.body = el('tbody', {});
    this.element = el('div', {class: 'scroll extras', tabindex: '0', role: 'region', 'aria-label': label},
        el('table', {class: 'fields'}, el('caption', {class: 'unseen'}, label),
            el('thead', {}, el('tr', {},
                el('th', {scope: 'col', class: 'text'}, 'Extra value'),
                el('th', {scope: 'col', class: 'number'}, 'Value'),
                el('th', {scope: 'col', class: 'number'}, 'Since its start'),
                el('th', {scope: 'col', class: 'text'}, 'Rule'))),
            this.body));
    this.element.hidden = true;
  }

  #label(name) {
    const text = el('code', {}, name);
    return this.onChoose
      ? el('button', {type: 'button', title: 'Show over time', onclick: () => this.onChoose(name)}, text) : text;
  }

  render(extras) {
    const names = Object.keys(extras ?? {});
    this.element.hidden = names.length === 0;
    if (names.length !== this.#rows.size || names.some((name) => !this.#rows.has(name))) {
      this.#rows = new Map(names.map((name) => [name, {
        value: el('td', {class: 'number'}), total: el('td', {class: 'number raw'}), rule: el('td', {class: 'mark'})}]));
      this.body.replaceChildren(...names.map((name) => {
        const {value, total, rule} = this.#rows.get(name);
        return el('tr', {'data-extra': name}, el('th', {scope: 'row'}, this.#label(name)), value, total, rule);
      }));
    }
    for (const name of names) {
      const extra = extras[name];
      const cells = this.#rows.get(name);
      const times = extra.p50 !== undefined;
      setText(cells.value, times ? `p50 ${nanos(extra.p50)}, p99 ${nanos(extra.p99)}, max ${nanos(extra.max)}` : count(extra.value ?? 0));
      setAttribute(cells.value, 'title', times ? `${extra.count} durations` : exact(extra.value ?? 0, 'count'));
      setText(cells.total, extra.total === undefined ? '' : count(extra.total));
      setText(cells.rule, extra.nodes === undefined ? extra.rule : `${extra.rule} of ${extra.nodes}`);
    }
  }
}
