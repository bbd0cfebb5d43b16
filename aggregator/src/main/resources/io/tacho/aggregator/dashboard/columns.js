// Which fields, properties and labels the table shows.

import {FIELDS, PROPERTIES} from './fields.js';
import {shortName} from './filter.js';
import {DEFAULT_COLUMNS} from './layout.js';
import {el} from './dom.js';

export class ColumnChoice {
  #boxes = new Map();
  #labels = '';
  #shown = [];

  constructor(details, onChange) {
    this.onChange = onChange;
    const sheet = details.querySelector('.sheet');
    this.list = el('ul');
    const all = FIELDS.map((field) => field.key);
    [...FIELDS, ...PROPERTIES].forEach((column) => this.#offer(column));
    sheet.append(this.list, el('p', {},
        el('button', {type: 'button', onclick: () => onChange(all)}, `all ${all.length} fields`), ' ',
        el('button', {type: 'button', onclick: () => onChange([...DEFAULT_COLUMNS])}, 'usual')));
    details.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') {
        event.stopPropagation();
        details.open = false;
        details.querySelector('summary').focus();
      }
    });
    document.addEventListener('pointerdown', (event) => {
      if (!details.contains(event.target)) {
        details.open = false;
      }
    });
  }

  #offer({key, label, about, isProperty}) {
    const box = el('input', {type: 'checkbox', value: key, onchange: () => this.onChange(this.#chosen())});
    this.#boxes.set(key, box);
    this.list.append(el('li', {}, el('label', {title: about}, box, ' ' + label + ' ', el('code', {}, isProperty ? key : shortName({key})))));
  }

  #chosen() {
    const keys = [...this.#boxes].filter(([, box]) => box.checked).map(([key]) => key);
    return keys.length > 0 ? keys : ['name'];
  }

  show(columns) {
    this.#shown = columns;
    this.#boxes.forEach((box, key) => {
      box.checked = columns.includes(key);
    });
  }

  // Offers the labels that nodes have.
  offerLabels(names) {
    if (names.join() !== this.#labels) {
      this.#labels = names.join();
      names.map((name) => 'label:' + name).filter((key) => !this.#boxes.has(key))
          .forEach((key) => this.#offer({key, label: key.slice(6), about: 'a label of the nodes', isProperty: true}));
      this.show(this.#shown);
    }
  }
}
