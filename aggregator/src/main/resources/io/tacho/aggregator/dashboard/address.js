// The state of the page as its URL: users who open the same URL see the same. It never contains keys.

import {FIELD} from './fields.js';
import {DEFAULT_COLUMNS} from './layout.js';

// In seconds; live is what this page sees.
export const RANGES = {live: 900, '1h': 3_600, '6h': 21_600, '24h': 86_400};
const DEFAULTS = {q: '', sort: 'name', range: 'live', theme: 'auto', node: ''};

const sortable = (sort) => ['state', ...FIELD.keys()].includes(sort.replace(/^-/, ''));

// Reads what can be read and takes the default for what cannot.
export function readAddress(search) {
  const given = new URLSearchParams(search);
  const state = {...DEFAULTS};
  for (const name of Object.keys(DEFAULTS)) {
    state[name] = given.get(name) ?? DEFAULTS[name];
  }
  if (!sortable(state.sort)) {
    state.sort = DEFAULTS.sort;
  }
  if (!(state.range in RANGES)) {
    state.range = DEFAULTS.range;
  }
  if (!['auto', 'light', 'dark'].includes(state.theme)) {
    state.theme = DEFAULTS.theme;
  }
  const columns = (given.get('columns') ?? '').split(',').filter((key) => FIELD.has(key));
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
  const search = parameters.toString().replaceAll('%2C', ',');
  return search ? '?' + search : location.pathname;
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
