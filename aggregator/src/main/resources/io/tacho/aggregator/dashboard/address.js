// The state of the page as its URL: users who open the same URL see the same. It never contains keys.

import {FIELD, columnOf} from './fields.js';
import {DEFAULT_COLUMNS} from './layout.js';

// In seconds; live is what this page sees.
export const RANGES = {live: 900, '1h': 3_600, '6h': 21_600, '24h': 86_400, '7d': 604_800, '30d': 2_592_000, '1y': 31_536_000};
export const COMPARISONS = {'': 0, day: 86_400, week: 604_800};
// from and to: UNIX seconds of a range that does not move, instead of one that ends now
const DEFAULTS = {
  q: '', sort: 'name', range: 'live', from: '', to: '', compare: '', theme: 'auto', node: '', color: 'state', group: '', by: 'version',
};
const SHORTEST_SECONDS = 10;

const isColumn = (key) => key === 'state' || columnOf(key) !== undefined;
const isTime = (text) => /^\d{9,11}$/.test(text);

// Reads what can be read and takes the default for what cannot.
export function readAddress(search) {
  const given = new URLSearchParams(search);
  const state = {...DEFAULTS};
  for (const name of Object.keys(DEFAULTS)) {
    state[name] = given.get(name) ?? DEFAULTS[name];
  }
  const restore = (name, isValid) => {
    if (!isValid(state[name])) {
      state[name] = DEFAULTS[name];
    }
  };
  restore('sort', (sort) => isColumn(sort.replace(/^-/, '')));
  restore('range', (range) => Object.hasOwn(RANGES, range));
  restore('compare', (compare) => Object.hasOwn(COMPARISONS, compare));
  restore('color', (color) => color === 'state' || FIELD.get(color)?.kind !== 'text' && FIELD.has(color));
  restore('group', (group) => group === '' || columnOf(group)?.isProperty);
  restore('by', (by) => by === 'version' || by.startsWith('label:'));
  if (!isTime(state.from) || !isTime(state.to) || state.to - state.from < SHORTEST_SECONDS) {
    state.from = '';
    state.to = '';
  }
  if (!['auto', 'light', 'dark'].includes(state.theme)) {
    state.theme = DEFAULTS.theme;
  }
  const columns = (given.get('columns') ?? '').split(',').filter((key) => columnOf(key));
  state.columns = columns.length > 0 ? [...new Set(columns)] : [...DEFAULT_COLUMNS];
  return state;
}

export function writeAddress(state) {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(DEFAULTS)) {
    if (state[name] !== value) {
      parameters.set(name, state[name]);
    }
  }
  if (state.columns.join() !== DEFAULT_COLUMNS.join()) {
    parameters.set('columns', state.columns.join(','));
  }
  const search = parameters.toString().replaceAll('%2C', ',').replaceAll('%3A', ':');
  return search ? '?' + search : location.pathname;
}

// What is looked at, in milliseconds, and whether it moves with the clock.
export function timeRange({range, from, to}, now) {
  return from ? {from: from * 1000, to: to * 1000, isFixed: true} : {from: now - RANGES[range] * 1000, to: now, isFixed: false};
}

// The state with its listeners; a change is written to the address at once.
export class Address {
  #listeners = [];

  constructor() {
    this.state = readAddress(location.search);
    addEventListener('popstate', () => {
      this.state = readAddress(location.search);
      this.#notify();
    });
  }

  onChange(listener) {
    this.#listeners.push(listener);
  }

  // push makes a step that Back goes back on
  set(change, {push = false} = {}) {
    this.state = {...this.state, ...change};
    history[push ? 'pushState' : 'replaceState'](null, '', writeAddress(this.state));
    this.#notify();
  }

  #notify() {
    this.#listeners.forEach((listener) => listener(this.state));
  }
}
