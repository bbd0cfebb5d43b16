// The table of nodes. Only the rows in sight exist; the browser knows how many there are.

import {STATES, columnOf, isGone, valueOf} from './fields.js';
import {exact, formatValue, seconds, whole} from './format.js';
import {coresText, distinctText} from './groups.js';
import {CARD_COLUMNS, DEFAULT_COLUMNS} from './layout.js';
import {el, setAttribute, setText} from './dom.js';

const ROW_HEIGHT = 27;
const CARD_HEIGHT = 72;
const CARD_NUMBERS = 4;
const OVERSCAN = 8;
const WIDTHS = {name: 112, uid: 290, host: 110, version: 90, address: 150, started_at: 58};
const WIDTH = 70;
const STATE_WIDTH = 74;
export const collator = new Intl.Collator('en', {numeric: true});

function comparator(sort) {
  const descending = sort.startsWith('-');
  const key = descending ? sort.slice(1) : sort;
  const byName = (a, b) => collator.compare(a.name, b.name) || (a.uid < b.uid ? -1 : 1);
  let order;
  if (key === 'state') {
    order = (a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state);
  } else if (columnOf(key).kind === 'text') {
    order = (a, b) => collator.compare(valueOf(a, key), valueOf(b, key));
  } else if (key === 'started_at') {
    // sorted as what is shown: the age
    order = (a, b) => b.values[key] - a.values[key];
  } else {
    order = (a, b) => a.values[key] - b.values[key];
  }
  return (a, b) => (descending ? -order(a, b) : order(a, b)) || byName(a, b);
}

// The nodes in order. What was in order before stays nearly so, and sorting that takes a comparison per node instead of a dozen.
export function sortedAgain(previous, nodes, compare) {
  const wanted = new Set(nodes);
  const kept = previous.filter((node) => wanted.delete(node));
  return [...kept, ...wanted].sort(compare);
}

export class NodeTable {
  #columns = [];
  #shown = '';
  #sort = 'name';
  #sorted = [];
  #rows = new Map();
  #heads = new Map();
  #largest = {};
  #total = {};

  // onSort(key), link(uid) gives the address of a node's page
  constructor(container, {onSort, link}) {
    this.cards = matchMedia('(max-width: 640px)');
    this.container = container;
    this.onSort = onSort;
    this.link = link;
    this.colgroup = el('colgroup');
    this.headRow = el('tr', {'aria-rowindex': '1'});
    this.totalRow = el('tr', {class: 'total', 'aria-rowindex': '2'});
    this.above = el('tbody', {'aria-hidden': 'true'});
    this.body = el('tbody');
    this.below = el('tbody', {'aria-hidden': 'true'});
    this.table = el('table', {},
        el('caption', {class: 'unseen'}, 'Nodes, one a row; the heads sort'),
        this.colgroup, el('thead', {}, this.headRow, this.totalRow), this.above, this.body, this.below);
    this.nothing = el('p', {class: 'nothing', hidden: true});
    container.append(this.table, this.nothing);
    container.addEventListener('scroll', () => this.#renderRows(), {passive: true});
    new ResizeObserver(() => this.#renderRows()).observe(container);
  }

  // The nodes that are shown, in their order.
  get nodes() {
    return this.#sorted;
  }

  // On a phone a node is a card with its name and the first four numbers.
  setColumns(chosen, intervalSeconds) {
    const numbers = chosen.join() === DEFAULT_COLUMNS.join() ? CARD_COLUMNS
      : chosen.filter((key) => columnOf(key).kind !== 'text').slice(0, CARD_NUMBERS);
    const columns = this.cards.matches ? ['name', ...numbers] : chosen;
    const shown = columns.join() + intervalSeconds;
    if (shown === this.#shown) {
      return;
    }
    this.#shown = shown;
    this.#columns = columns;
    this.#rows.clear();
    this.body.replaceChildren();
    this.#heads.clear();
    const widths = [STATE_WIDTH, ...columns.map((key) => WIDTHS[key] ?? WIDTH)];
    this.colgroup.replaceChildren(...widths.map((width) => {
      const col = el('col');
      col.style.width = width + 'px';
      return col;
    }));
    this.table.style.minWidth = widths.reduce((sum, width) => sum + width, 0) + 'px';
    this.headRow.replaceChildren(this.#head('state', 'State', 'Whether the node is there', 'text'),
        ...columns.map((key) => {
          const {label, about, kind, window, merge} = columnOf(key);
          const isCount = window && merge === 'sum';
          return this.#head(key, label, `${key}: ${about}${window ? ', in the last completed window' : ''}`, kind, isCount ? `/${intervalSeconds}s` : '');
        }));
    this.totalRow.replaceChildren(el('th', {scope: 'row', class: 'state'}, 'all'), ...columns.map((key) =>
      el('td', {class: columnOf(key).kind === 'text' ? 'text' : 'number', 'data-total': key})));
    setAttribute(this.table, 'aria-colcount', String(columns.length + 1));
  }

  #head(key, label, title, kind, unit = '') {
    const head = el('th', {scope: 'col', class: kind === 'text' ? 'text' : 'number', 'data-column': key},
        el('button', {type: 'button', title, onclick: () => this.onSort(key)}, label, unit ? el('small', {}, unit) : null));
    this.#heads.set(key, head);
    return head;
  }

  // Order and choice: once a second is enough, or nothing could be read.
  arrange(nodes, sort, total, largest, known) {
    this.#sort = sort;
    this.#total = total;
    this.#largest = largest;
    this.#sorted = sortedAgain(this.#sorted, nodes, comparator(sort));
    const key = sort.replace(/^-/, '');
    for (const [column, head] of this.#heads) {
      if (column === key) {
        setAttribute(head, 'aria-sort', sort.startsWith('-') ? 'descending' : 'ascending');
      } else {
        head.removeAttribute('aria-sort');
      }
    }
    setAttribute(this.table, 'aria-rowcount', String(this.#sorted.length + 2));
    this.nothing.hidden = this.#sorted.length > 0;
    setText(this.nothing, known > 0 ? 'No node fits the filter.' : 'No node is left.');
    this.render();
  }

  render() {
    const now = Date.now();
    this.#columns.forEach((key, index) => {
      const cell = this.totalRow.children[index + 1];
      const {kind, merge} = columnOf(key);
      const value = this.#total[key] ?? null;
      const isBound = this.#total.upperBounds?.includes(key);
      setText(cell, value === null ? '' : merge === 'union' ? distinctText(this.#total, key)
        : key === 'cpu_usage' ? coresText(this.#total).replace(/ of .* cores/, ' cores') : formatValue(value, kind, now / 1000));
      setAttribute(cell, 'title', value === null ? '' : `${isBound ? 'at most ' : ''}${exact(value, kind)} (${merge.replaceAll('_', ' ')})`);
    });
    this.#renderRows();
  }

  #rowHeight() {
    return this.cards.matches ? CARD_HEIGHT : ROW_HEIGHT;
  }

  #renderRows() {
    const height = this.container.clientHeight || 600;
    const rowHeight = this.#rowHeight();
    const headHeight = this.headRow.parentElement.offsetHeight;
    const scrolled = Math.max(0, this.container.scrollTop);
    const first = Math.max(0, Math.min(Math.floor(scrolled / rowHeight) - OVERSCAN, this.#sorted.length));
    const last = Math.min(this.#sorted.length, Math.ceil((scrolled + height - headHeight) / rowHeight) + OVERSCAN);
    const visible = this.#sorted.slice(first, last);

    const wanted = new Set(visible.map((node) => node.uid));
    for (const [uid, row] of this.#rows) {
      if (!wanted.has(uid)) {
        row.element.remove();
        this.#rows.delete(uid);
      }
    }
    const focused = document.activeElement;
    const now = Date.now();
    visible.forEach((node, index) => {
      let row = this.#rows.get(node.uid);
      if (!row) {
        row = this.#makeRow(node);
        this.#rows.set(node.uid, row);
      }
      if (this.body.children[index] !== row.element) {
        this.body.insertBefore(row.element, this.body.children[index] ?? null);
      }
      this.#writeRow(row, node, first + index, now);
    });
    if (focused !== document.activeElement && this.body.contains(focused)) {
      focused.focus({preventScroll: true});
    }
    this.#space(this.above, first);
    this.#space(this.below, this.#sorted.length - last);
  }

  #space(body, rows) {
    const height = Math.max(0, rows) * this.#rowHeight() + 'px';
    if (rows > 0 && !body.firstChild) {
      body.append(el('tr', {}, el('td', {colspan: String(this.#columns.length + 1)})));
    } else if (rows <= 0) {
      body.replaceChildren();
    }
    if (body.firstChild && body.firstChild.style.height !== height) {
      body.firstChild.style.height = height;
    }
  }

  #makeRow(node) {
    const state = el('td', {class: 'state'}, el('span'));
    const cells = this.#columns.map((key) => {
      const {kind, label} = columnOf(key);
      if (key === 'name') {
        return el('th', {scope: 'row', class: 'text'}, el('a', {href: this.link({node: node.uid}), 'data-node': node.uid}));
      }
      return el('td', {class: kind === 'text' ? 'text' : 'number', 'data-label': label});
    });
    return {element: el('tr', {'data-uid': node.uid}, state, ...cells), state, cells};
  }

  #writeRow({element, state, cells}, node, index, now) {
    setAttribute(element, 'data-state', node.state);
    setAttribute(element, 'data-outlier', String(Boolean(node.deviations)));
    setAttribute(element, 'aria-rowindex', String(index + 3));
    setText(state.firstChild, node.state);
    const age = isGone(node.state) ? now - node.goneAt : now - node.heardAt;
    setAttribute(state, 'title', isGone(node.state) ? `${node.state} ${seconds(age / 1000)} ago` : `last beat ${seconds(age / 1000)} ago`);
    this.#columns.forEach((key, column) => {
      const {kind} = columnOf(key);
      const value = valueOf(node, key);
      const cell = cells[column];
      const text = formatValue(value, kind, now / 1000);
      setText(key === 'name' ? cell.firstChild : cell, text);
      setAttribute(cell, 'title', exact(value, kind));
      if (kind !== 'text' && kind !== 'start') {
        const share = this.#largest[key] > 0 ? (value / this.#largest[key]).toFixed(3) : '0';
        if (cell.dataset.share !== share) {
          cell.dataset.share = share;
          cell.style.setProperty('--share', share);
        }
      }
    });
  }
}
