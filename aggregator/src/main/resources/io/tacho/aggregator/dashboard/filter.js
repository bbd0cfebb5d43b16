// The filter's language. Terms stand side by side and all have to hold:
//   chat            the name or uid contains it (no case)
//   -chat           it does not
//   state:lost,left one of these states
//   is:outlier      a node that deviates from its peers
//   host=web-1      a property or a label compared: = !=, with * for any text: version=6.2*, zone=eu, label:kind=chat
//   clients>100     a field compared: > >= < <= = !=, with units: memory>100MB, client_max>=5ms, up<1h

import {FIELDS, FIELD, STATES, columnOf, valueOf} from './fields.js';

const UNITS = {
  bytes: {b: 1, k: 1e3, kb: 1e3, m: 1e6, mb: 1e6, g: 1e9, gb: 1e9, kib: 1024, mib: 1024 ** 2, gib: 1024 ** 3, tib: 1024 ** 4},
  nanos: {ns: 1, us: 1e3, 'µs': 1e3, ms: 1e6, s: 1e9, m: 60e9},
  start: {s: 1, m: 60, h: 3600, d: 86400},
  count: {k: 1e3, m: 1e6, g: 1e9},
  percent: {'%': 1},
};

const TESTS = {
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
};

// The shorter name that people type for a field: clients, msg_sent, api_mean.
export const shortName = ({key}) => key.replace(/^(num|time|bytes)_/, '');

// Also by shorter names; what is no field is a property or a label.
function fieldOf(name) {
  const wanted = name.toLowerCase();
  return FIELD.get(wanted)
      ?? FIELDS.find((field) => field.label.toLowerCase().replaceAll(' ', '_') === wanted)
      ?? FIELDS.find((field) => shortName(field) === wanted)
      ?? columnOf(name)
      ?? FIELDS.find((field) => field.key.includes(wanted))
      ?? columnOf('label:' + name);
}

function compared(term, [, name, sign, text]) {
  const field = fieldOf(name);
  if (field.kind === 'text') {
    if (sign !== '=' && sign !== '!=') {
      throw new Error(`${term}: ${name} is text (expected: = or !=)`);
    }
    const pattern = new RegExp('^' + text.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*') + '$', 'i');
    return (node) => pattern.test(String(valueOf(node, field.key))) === (sign === '=');
  }
  const parts = /^(-?\d+(?:\.\d+)?)\s*([a-zµ%]*)$/i.exec(text);
  const factor = parts && (parts[2] === '' ? 1 : UNITS[field.kind]?.[parts[2].toLowerCase()]);
  if (!factor) {
    const units = Object.keys(UNITS[field.kind] ?? {}).join(', ');
    throw new Error(`${term}: '${text}' (expected: a number${units ? ', with or without one of ' + units : ''})`);
  }
  const bound = Number(parts[1]) * factor;
  if (field.kind === 'start') {
    return (node, nowSeconds) => TESTS[sign](nowSeconds - node.values[field.key], bound);
  }
  return (node) => TESTS[sign](node.values[field.key], bound);
}

function stated(list) {
  const wanted = list.toLowerCase().split(',');
  const unknown = wanted.find((state) => !STATES.includes(state));
  if (unknown !== undefined) {
    throw new Error(`state: '${unknown}' (expected: ${STATES.join(', ')})`);
  }
  return (node) => wanted.includes(node.state);
}

function term(text) {
  if (text.startsWith('-') && text.length > 1) {
    const without = term(text.slice(1));
    return (node, now) => !without(node, now);
  }
  if (text.startsWith('is:')) {
    if (text !== 'is:outlier') {
      throw new Error(`${text} (expected: is:outlier)`);
    }
    return (node) => Boolean(node.deviations);
  }
  if (text.startsWith('state:')) {
    return stated(text.slice(6));
  }
  const comparison = /^((?:label:)?[a-z_][a-z_0-9]*)(>=|<=|!=|>|<|=)(.+)$/i.exec(text);
  if (comparison) {
    return compared(text, comparison);
  }
  const wanted = text.toLowerCase();
  return (node) => node.search.includes(wanted);
}

// A term of a filter for nodes with this value; blanks separate terms, so any text matches them.
export const filterTerm = (name, value) => `${name}=${String(value).replace(/\s+/g, '*')}`;

// A test for nodes; throws an Error that describes what is wrong with the text.
export function parseFilter(text) {
  const tests = text.split(/\s+/).filter(Boolean).map(term);
  return (node, nowSeconds) => tests.every((test) => test(node, nowSeconds));
}
