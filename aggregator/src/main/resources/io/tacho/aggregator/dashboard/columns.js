// Which fields the table shows.

import {FIELDS} from './fields.js';
import {DEFAULT_COLUMNS} from './layout.js';
import {el} from './dom.js';

export class ColumnChoice {
  #boxes = new Map();

  constructor(details, onChange) {
    const sheet = details.querySelector('.sheet');
    const list = el('ul');
    for (const {key, label, about} of FIELDS) {
      const box = el('input', {type: 'checkbox', value: key, onchange: () => onChange(this.#chosen())});
      this.#boxes.set(key, box);
      list.append(el('li', {}, el('label', {title: about}, box, ' ' + label + ' ', el('code', {}, key))));
    }
    const all = FIELDS.map((field) => field.key);
    sheet.append(list, el('p', {},
        el('button', {type: 'button', onclick: () => onChange(all)}, `all ${all.length}`), ' ',
        el('button', {type: 'button', onclick: () => onChange([...DEFAULT_COLUMNS])}, 'usual')));
    details.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') {
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

  #chosen() {
    const keys = FIELDS.map((field) => field.key).filter((key) => this.#boxes.get(key).checked);
    return keys.length > 0 ? keys : ['name'];
  }

  show(columns) {
    this.#boxes.forEach((box, key) => {
      box.checked = columns.includes(key);
    });
  }
}
