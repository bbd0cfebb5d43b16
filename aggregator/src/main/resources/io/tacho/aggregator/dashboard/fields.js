// The field catalogue, as the aggregator defines it (/fields), in the order of the page: the default columns first.
//   kind   how a value is written: text, count, bytes, nanos, start (UNIX seconds) or percent
//   merge  the rule by which the values of all nodes become one; weight is the field that weights a mean
//   window whether the value is of the last completed metrics window

import {DEFAULT_COLUMNS} from './layout.js';

export const FIELDS = [];
export const FIELD = new Map();
export const NUMERIC = [];

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

// States of a node, worst first: that is the order in which a table sorts them.
export const STATES = ['lost', 'stale', 'draining', 'left', 'restarted', 'live'];

export const isGone = (state) => state === 'lost' || state === 'left' || state === 'restarted';
