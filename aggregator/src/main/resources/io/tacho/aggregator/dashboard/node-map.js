// One cell per node, in groups by a property, colored by state or by a field. A cell opens its node, a group's name filters.

import {filterTerm} from './filter.js';
import {FIELD, NUMERIC, PROPERTIES, isGone, valueOf} from './fields.js';
import {formatValue, whole} from './format.js';
import {colourOf} from './colours.js';
import {el, setAttribute, setText} from './dom.js';
import {collator, sortedAgain} from './table.js';

const LARGEST_CELL = 26;
const SMALLEST_CELL = 2;
const HEAD_HEIGHT = 20;
const GROUPS_SHOWN = 24;
const PADDING = 20;
const MANY = 2_000; // they need a larger map, which is drawn less often
const MANY_MILLIS = 3_000;
const STEPS = 5;
const STATE_COLOURS = {live: 'good', draining: 'warn', stale: 'warn', lost: 'bad', left: 'quiet', restarted: 'quiet'};

// The largest cell with which groups of these sizes fit into the area, and how many fit into a row.
export function layoutCells(sizes, width, height) {
  for (let cell = LARGEST_CELL; ; cell--) {
    const perRow = Math.max(1, Math.floor(width / cell));
    const rows = sizes.reduce((sum, size) => sum + Math.ceil(size / perRow), 0);
    if (cell <= SMALLEST_CELL || rows * cell + sizes.length * HEAD_HEIGHT <= height) {
      return {cell, perRow};
    }
  }
}

export class NodeMap {
  #groups = new Map();
  #order = [];
  #drawnAt = 0;
  #drawnState = null;
  #palette = null;
  #choices = '';

  // onChange(change) changes the address; link gives the address with a change
  constructor(panel, onChange) {
    this.onChange = onChange;
    this.color = el('select', {onchange: () => onChange({color: this.color.value})});
    this.group = el('select', {onchange: () => onChange({group: this.group.value})});
    this.legend = el('div', {class: 'map-legend'});
    this.area = el('div', {class: 'map-area'});
    this.tip = el('p', {class: 'map-tip quiet', 'aria-hidden': 'true'});
    this.panel = panel;
    panel.append(
        el('div', {class: 'toolbar'}, el('h2', {id: 'map-heading'}, 'Map'),
            el('label', {}, 'color ', this.color), el('label', {}, 'group ', this.group)),
        this.area, el('div', {class: 'map-foot'}, this.legend, this.tip));
    this.color.append(el('option', {value: 'state'}, 'state'), ...NUMERIC.filter(({key}) => key !== 'started_at')
        .map(({key, label}) => el('option', {value: key}, label)));
    new ResizeObserver(() => this.#redraw?.()).observe(this.area);
  }

  #redraw = null;

  // nodes: all; fits: whether a node fits the filter; state: the address
  render(nodes, fits, state, labelNames) {
    this.#offerGroups(labelNames);
    setAttribute(this.panel.parentElement, 'data-size', nodes.length > MANY ? 'large' : 'usual');
    this.color.value = state.color;
    this.group.value = state.group;
    this.#redraw = () => this.#draw(nodes, fits, state);
    const now = performance.now();
    if (nodes.length <= MANY || now - this.#drawnAt > MANY_MILLIS || state !== this.#drawnState) {
      this.#drawnAt = now;
      this.#drawnState = state;
      this.#redraw();
    }
  }

  #offerGroups(labelNames) {
    const choices = [...PROPERTIES.filter(({key}) => key !== 'address').map(({key}) => key), ...labelNames.map((name) => 'label:' + name)];
    if (choices.join() !== this.#choices) {
      this.#choices = choices.join();
      this.group.replaceChildren(el('option', {value: ''}, 'none'), ...choices.map((key) => el('option', {value: key}, key.replace('label:', ''))));
    }
  }

  #draw(nodes, fits, {color, group}) {
    this.#order = sortedAgain(this.#order, nodes, (a, b) => collator.compare(a.name, b.name));
    const grouped = Map.groupBy(this.#order, (node) => (group ? valueOf(node, group) : ''));
    const all = [...grouped].sort(([a], [b]) => collator.compare(a, b));
    const shown = all.slice(0, GROUPS_SHOWN);
    if (all.length > GROUPS_SHOWN) {
      shown.push([null, all.slice(GROUPS_SHOWN).flatMap(([, members]) => members)]);
    }
    const {cell, perRow} = layoutCells(shown.map(([, members]) => members.length), this.area.clientWidth - PADDING, this.area.clientHeight - PADDING);
    const paint = color === 'state' ? this.#byState() : this.#byField(color, nodes);
    const wanted = new Set(shown.map(([value]) => value));
    for (const [value, entry] of this.#groups) {
      if (!wanted.has(value)) {
        entry.element.remove();
        this.#groups.delete(value);
      }
    }
    shown.forEach(([value, members], index) => {
      const entry = this.#groups.get(value) ?? this.#makeGroup(value);
      if (this.area.children[index] !== entry.element) {
        this.area.insertBefore(entry.element, this.area.children[index] ?? null);
      }
      entry.head.hidden = !group;
      setText(entry.head, `${value === null ? 'others' : value || 'not reported'} ${whole(members.length)}`);
      entry.head.disabled = !value;
      entry.head.onclick = () => this.onChange({q: filterTerm(group, value)});
      this.#paintCells(entry, members, fits, paint, cell, perRow);
    });
  }

  #makeGroup(value) {
    const head = el('button', {type: 'button', class: 'map-head', title: 'Show only these'});
    const canvas = el('canvas', {role: 'img'});
    const entry = {head, canvas, element: el('div', {class: 'map-group'}, head, canvas), members: [], cell: 1, perRow: 1};
    const at = (event) => entry.members[Math.floor(event.offsetY / entry.cell) * entry.perRow + Math.floor(event.offsetX / entry.cell)];
    canvas.addEventListener('pointermove', (event) => this.#hover(at(event)));
    canvas.addEventListener('pointerleave', () => this.#hover(undefined));
    canvas.addEventListener('click', (event) => {
      const node = at(event);
      if (node) {
        this.onChange({node: node.uid}, {push: true});
      }
    });
    this.#groups.set(value, entry);
    return entry;
  }

  #hover(node) {
    const key = this.color.value;
    setText(this.tip, !node ? '' : `${node.name} · ${node.state}${key === 'state' ? ''
      : ` · ${FIELD.get(key).label} ${formatValue(node.values[key], FIELD.get(key).kind, Date.now() / 1000)}`}`);
  }

  #paintCells(entry, members, fits, paint, cell, perRow) {
    Object.assign(entry, {members, cell, perRow});
    const ratio = devicePixelRatio;
    const width = Math.min(members.length, perRow) * cell;
    const height = Math.ceil(members.length / perRow) * cell;
    const {canvas} = entry;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      canvas.style.width = width + 'px';
      canvas.style.height = height + 'px';
    }
    const context = canvas.getContext('2d');
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const size = cell - (cell > 8 ? 2 : cell > 4 ? 1 : 0.5);
    members.forEach((node, index) => {
      const x = index % perRow * cell;
      const y = Math.floor(index / perRow) * cell;
      context.globalAlpha = fits(node) ? 1 : 0.15;
      context.fillStyle = paint(node);
      context.fillRect(x, y, size, size);
      if (node.deviations && cell > 4) {
        context.strokeStyle = this.#palette.ink;
        context.lineWidth = cell > 8 ? 2 : 1;
        context.strokeRect(x + 0.5, y + 0.5, size - 1, size - 1);
      }
    });
    const lost = members.filter(({state}) => state === 'lost').length;
    const outliers = members.filter(({deviations}) => deviations).length;
    setAttribute(canvas, 'aria-label', `${whole(members.length)} nodes, ${lost} lost, ${outliers} outliers; the table has the same nodes`);
  }

  #colours() {
    this.#palette ??= Object.fromEntries(['good', 'warn', 'bad', 'quiet', 'ink', 'outlier', ...Array.from({length: STEPS}, (_, step) => `step-${step}`)]
        .map((name) => [name, colourOf(name)]));
    return this.#palette;
  }

  #byState() {
    const palette = this.#colours();
    this.#writeLegend('state', ['live', 'draining', 'stale', 'lost', 'left']
        .map((state) => ({colour: STATE_COLOURS[state], text: state, q: `state:${state}`}))
        .concat({colour: 'outlier', text: 'outlier', q: 'is:outlier'}));
    return (node) => palette[node.deviations && node.state === 'live' ? 'outlier' : STATE_COLOURS[node.state]];
  }

  // Five steps of the same number of nodes each would hide how uneven the values are: the steps are of equal size.
  #byField(key, nodes) {
    const palette = this.#colours();
    const {kind} = FIELD.get(key);
    const values = nodes.filter(({state}) => !isGone(state)).map((node) => node.values[key]);
    const high = values.reduce((a, b) => Math.max(a, b), 0);
    const low = values.reduce((a, b) => Math.min(a, b), high);
    const step = (value) => Math.min(STEPS - 1, Math.floor((value - low) / Math.max(1e-9, high - low) * STEPS));
    this.#writeLegend(key + low + high, Array.from({length: STEPS}, (_, index) => {
      const from = Math.round(low + (high - low) * index / STEPS);
      return {colour: `step-${index}`, text: (index === STEPS - 1 ? '≥ ' : '') + formatValue(from, kind, 0), q: `${key}>=${from}`};
    }).concat({colour: 'bad', text: 'lost', q: 'state:lost'}));
    return (node) => (node.state === 'lost' ? palette.bad : isGone(node.state) ? palette.quiet : palette[`step-${step(node.values[key])}`]);
  }

  #writeLegend(key, entries) {
    if (this.legend.dataset.shown !== key) {
      this.legend.dataset.shown = key;
      this.legend.replaceChildren(...entries.map(({colour, text, q}) =>
        el('button', {type: 'button', title: `Show only ${q}`, onclick: () => this.onChange({q})}, el('i', {'data-colour': colour}), text)));
    }
  }

  // After a change of theme.
  repaint() {
    this.#palette = null;
    this.#redraw?.();
  }
}
