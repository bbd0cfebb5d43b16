// The buttons at the top, and the keys.

import {COMPARISONS, RANGES, timeRange} from './address.js';
import {byId, setAttribute, setText} from './dom.js';

const THEMES = ['auto', 'light', 'dark'];
const SHORTEST_MILLIS = 10_000;

// A point in time as an input of type datetime-local has it.
const localTime = (millis) => new Date(millis - new Date(millis).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

// What keys do, for the page and its help: [key, words, action].
export const shortcuts = ({address, help, share, fullScreen, save}) => [
  ['/', 'filter nodes', () => byId('filter').focus()],
  ['Escape', 'clear the filter, or leave a node', null],
  ['?', 'this help', help],
  ['r', 'next time range', () => address.set(nextRange(address.state))],
  ['l', 'back to live', () => address.set({range: 'live', from: '', to: ''})],
  ['c', 'compare with yesterday, with last week, or with nothing', () => address.set({compare: next(Object.keys(COMPARISONS), address.state.compare)})],
  ['t', 'next theme', () => address.set({theme: next(THEMES, address.state.theme)})],
  ['s', 'copy a link with absolute times', share],
  ['e', 'save the table as CSV', save],
  ['f', 'full screen', fullScreen],
];

const next = (all, one) => all[(all.indexOf(one) + 1) % all.length];
const nextRange = ({range}) => ({range: next(Object.keys(RANGES), range), from: '', to: ''});

export class Controls {
  // keys: of shortcuts()
  constructor(address, keys) {
    this.address = address;
    this.#choices('range', (range) => ({range, from: '', to: ''}));
    this.#choices('themeChoice', (theme) => ({theme}));
    byId('compare').addEventListener('change', (event) => address.set({compare: event.target.value}));
    byId('filter').addEventListener('input', (event) => address.set({q: event.target.value}));
    byId('home').addEventListener('click', (event) => {
      event.preventDefault();
      address.set({node: ''}, {push: true});
    });
    const run = (id, wanted) => byId(id).addEventListener('click', keys.find(([key]) => key === wanted)[2]);
    run('help-button', '?');
    run('share', 's');
    run('save', 'e');
    this.#customRange();
    this.#links();
    this.#keys(keys);
  }

  #choices(name, change) {
    document.querySelectorAll(`[data-${name.replace('Choice', '-choice')}]`).forEach((button) =>
      button.addEventListener('click', () => this.address.set(change(button.dataset[name]))));
  }

  #customRange() {
    const details = byId('custom-range');
    const [from, to] = [byId('range-from'), byId('range-to')];
    details.addEventListener('toggle', () => {
      if (details.open) {
        const range = timeRange(this.address.state, Date.now());
        from.value = localTime(range.from);
        to.value = localTime(range.to);
      }
    });
    byId('range-form').addEventListener('submit', (event) => {
      event.preventDefault();
      const [start, end] = [Date.parse(from.value), Date.parse(to.value)];
      const problem = !(end - start >= SHORTEST_MILLIS) ? 'The end has to be after the start.' : '';
      setText(byId('range-problem'), problem);
      if (!problem) {
        details.open = false;
        this.zoom({from: start, to: end});
      }
    });
    document.addEventListener('pointerdown', (event) => {
      if (!details.contains(event.target)) {
        details.open = false;
      }
    });
  }

  // A range in milliseconds, or null for the one before the zoom.
  zoom(range) {
    if (range === null) {
      this.address.set({from: '', to: ''});
    } else if (range.to - range.from >= SHORTEST_MILLIS) {
      this.address.set({from: String(Math.floor(range.from / 1000)), to: String(Math.ceil(range.to / 1000))}, {push: true});
    }
  }

  // Links within the page change its state without loading it again.
  #links() {
    document.addEventListener('click', (event) => {
      const anchor = event.target.closest?.('a[data-node], a[data-filter]');
      if (anchor && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
        event.preventDefault();
        const {node, filter} = anchor.dataset;
        this.address.set(node === undefined ? {q: filter, node: ''} : {node}, {push: true});
        if (node === undefined) {
          byId('nodes-heading').scrollIntoView({block: 'nearest'});
        }
      }
    });
  }

  #keys(keys) {
    const actions = new Map(keys.map(([key, , action]) => [key, action]));
    document.addEventListener('keydown', (event) => {
      const typing = event.target.matches?.('input, select, textarea');
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) {
        return;
      }
      if (event.key === 'Escape' && event.target.id === 'filter') {
        this.address.set({q: ''});
      } else if (event.key === 'Escape' && this.address.state.node && !typing) {
        this.address.set({node: ''}, {push: true});
      } else if (!typing && actions.get(event.key) && !(event.key === '/' && this.address.state.node)) {
        event.preventDefault();
        actions.get(event.key)();
      }
    });
  }

  // Shows the state of the address.
  render(state) {
    document.querySelectorAll('[data-range]').forEach((button) =>
      setAttribute(button, 'aria-pressed', String(!state.from && button.dataset.range === state.range)));
    document.querySelectorAll('[data-theme-choice]').forEach((button) =>
      setAttribute(button, 'aria-pressed', String(button.dataset.themeChoice === state.theme)));
    byId('compare').value = state.compare;
    const summary = byId('custom-range').querySelector('summary');
    setAttribute(summary, 'data-active', String(Boolean(state.from)));
    setText(summary, state.from ? `${new Date(state.from * 1000).toLocaleString()} – ${new Date(state.to * 1000).toLocaleTimeString()}` : 'custom');
  }
}
