// What keys and filters there are.

import {FIELDS, PROPERTIES, STATES} from './fields.js';
import {shortName} from './filter.js';
import {byId, el} from './dom.js';

const FILTERS = [
  ['chat', 'a part of the name, uid, host or of a label'],
  ['-chat', 'without it'],
  ['state:lost,stale', `one of the states ${STATES.join(', ')}`],
  ['is:outlier', 'deviates from its peers'],
  ['cpu>50 client_max>=5ms', 'a field compared; memory>1gib, up<1h'],
  ['version=6.2* zone!=eu', 'a property or a label; label:NAME if a field has that name'],
];

const list = (entries) => el('dl', {}, ...entries.flatMap(([term, words]) => [el('dt', {}, el('code', {}, term)), el('dd', {}, words)]));

export function openHelp(keys) {
  const dialog = byId('help');
  if (dialog.childElementCount === 0) {
    dialog.append(
        el('form', {method: 'dialog'}, el('h2', {id: 'help-heading'}, 'Help'), el('button', {type: 'submit', class: 'primary'}, 'Close')),
        el('h3', {}, 'Keys'), list(keys),
        el('h3', {}, 'Charts'), el('p', {}, 'Drag over a chart to zoom, double-click to go back.'),
        el('h3', {}, 'Filter'), list(FILTERS),
        el('p', {}, 'Fields: ', ...FIELDS.flatMap((field) => [el('code', {title: field.about}, shortName(field)), ' ']),
            ...PROPERTIES.flatMap(({key}) => [el('code', {}, key), ' '])));
  }
  dialog.showModal();
}
