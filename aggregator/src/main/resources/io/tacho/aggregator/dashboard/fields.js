// The field catalogue, as the aggregator defines it (/fields), in the order of the page: the default columns first.
//   kind   how a value is written: text, count, bytes, nanos, start (UNIX seconds) or percent
//   merge  the rule by which the values of all nodes become one; weight is the field that weights a mean
//   window whether the value is of the last completed metrics window

import {DEFAULT_COLUMNS} from './layout.js';

export const FIELDS = [];
export const FIELD = new Map();
export const NUMERIC = [];

// What a node reports beside the numbers, as columns and filters. Labels are columns named label:NAME.
export const PROPERTIES = [
  {key: 'host', label: 'Host', about: 'the machine or container of the node'},
  {key: 'version', label: 'Version', about: "the version of the node's software"},
  {key: 'address', label: 'Address', about: 'where the node is reached'},
].map((property) => ({...property, kind: 'text', merge: 'none', isProperty: true}));

const KINDS = {nanoseconds: 'nanos', unix_seconds: 'start'};

// Takes over the catalogue; everything else on the page comes after it.
export function setCatalogue(catalogue) {
  const rank = ({name}) => (DEFAULT_COLUMNS.includes(name) ? DEFAULT_COLUMNS.indexOf(name) : DEFAULT_COLUMNS.length);
  for (const {name, label, unit, merge, weight, description, window} of [...catalogue].sort((a, b) => rank(a) - rank(b))) {
    const field = {key: name, label, kind: KINDS[unit] ?? unit, merge, weight, about: description, window};
    FIELDS.push(field);
    FIELD.set(name, field);
    if (unit !== 'text') {
      NUMERIC.push(field);
    }
  }
}

const LABEL = 'label:';

// A field, a property or a label by its key; undefined if there is none.
export function columnOf(key) {
  return FIELD.get(key) ?? PROPERTIES.find((property) => property.key === key)
    ?? (key.startsWith(LABEL) && key.length > LABEL.length
      ? {key, label: key.slice(LABEL.length), about: 'a label of the node', kind: 'text', merge: 'none', isProperty: true} : undefined);
}

// A node's value of a column; empty text if the node does not report the property.
export function valueOf(node, key) {
  return node.values[key] ?? (key.startsWith(LABEL) ? node.labels?.[key.slice(LABEL.length)] : node[key]) ?? '';
}

// States of a node, worst first: that is the order in which a table sorts them.
export const STATES = ['lost', 'stale', 'draining', 'left', 'restarted', 'live'];

export const isGone = (state) => state === 'lost' || state === 'left' || state === 'restarted';
