// Charts over time. uPlot draws; colors come from the style sheet, so that they follow the theme.
/* global uPlot */

import {colourOf, faint} from './colours.js';
import {clock, dayOf, timeOfAxis} from './format.js';
import {drawMarkers} from './markers.js';
import {aligned, isDay, valueAt} from './series.js';
import {el, setAttribute, setText} from './dom.js';

const HEIGHT = 132;
const EDGE = {width: 0, points: {show: false}};

// Steps of an axis of bytes: what is written in KiB is cut in powers of two.
const BINARY_STEPS = Array.from({length: 53}, (_, power) => 2 ** power);

// A scale on which the usual and the worst both can be read: whole powers of ten.
const LOGARITHMIC = {distr: 3, range: (_, low, high) => (high > 0
  ? [10 ** Math.floor(Math.log10(low)), 10 ** Math.max(Math.ceil(Math.log10(high)), Math.floor(Math.log10(low)) + 1)] : [1, 10])};
const POWERS = {
  filter: (_, splits) => splits,
  splits: (_, axis, low, high) => Array.from({length: Math.round(Math.log10(high / low)) + 1}, (__, power) => low * 10 ** power),
};
const LINEAR = {range: (_, low, high) => [0, high > 0 ? high * 1.08 : 1]};

// When that was: of a longer span from when to when. Days are those of the history's time zone.
export function pointTime({at, span, zone}) {
  const day = span >= 3_600_000 ? dayOf(at - span, isDay(span) ? zone : undefined) : '';
  return isDay(span) ? day : span >= 60_000 ? `${day} ${clock(at - span).slice(0, 5)}–${clock(at).slice(0, 5)}`.trim() : clock(at);
}

class Chart {
  #plot = null;
  #values = [];
  #data = [[]];
  #points = [];
  #markers = [];
  #cursor = null;
  #bounds = new Map(); // of a line that is known between bounds, the rows of these
  #references = 0; // the row of the first line's comparison, 0 without

  constructor(container, definition, {syncKey, onZoom, actions}) {
    this.definition = definition;
    this.syncKey = syncKey;
    this.onZoom = onZoom;
    const legend = el('ul', {class: 'legend'}, ...definition.lines.map((one) => {
      const value = el('b');
      this.#values.push(value);
      return el('li', {}, el('i', {'data-colour': `series-${one.colour}`, 'data-dots': one.dots}), one.label + ' ', value);
    }));
    let rows = definition.lines.length;
    for (const one of definition.lines.filter(({bounded: between}) => between)) {
      this.#bounds.set(one, {lower: ++rows, upper: ++rows});
    }
    this.pointTime = el('span', {class: 'point-time'});
    this.note = el('small');
    this.canvas = el('div', {class: 'canvas', role: 'img', 'aria-label': definition.title});
    this.figure = el('figure', {class: 'chart'}, el('figcaption', {}, el('strong', {}, definition.title, this.note),
        el('span', {class: 'chart-end'}, this.pointTime, ...(actions?.(this) ?? [])), legend), this.canvas);
    container.append(this.figure);
    this.observer = new ResizeObserver(() => this.#plot?.setSize({width: this.#width(), height: this.#height()}));
    this.observer.observe(this.canvas);
  }

  #width() {
    return Math.max(120, this.canvas.clientWidth);
  }

  // As high as it is drawn: more in full screen.
  #height() {
    return Math.max(HEIGHT, this.canvas.clientHeight);
  }

  // What the chart shows, for exports: {title, columns: [{label, values}], times}; a time is the start of what its values are of.
  contents() {
    const {title, lines, perSecond} = this.definition;
    return {title, times: this.#points.map(({at, span}) => at - span),
      columns: lines.map((one, row) => ({label: perSecond ? `${one.key}_per_second` : one.key, values: this.#data[row + 1] ?? []}))};
  }

  // The legend in words: [{text, colour}].
  legend() {
    return this.definition.lines.map((one, row) => ({text: `${one.label} ${this.#value(row, this.#points.length - 1)}`, colour: `series-${one.colour}`}));
  }

  get plotCanvas() {
    return this.#plot?.ctx.canvas;
  }

  #make() {
    const {lines, write, logarithmic, binary} = this.definition;
    // of too few for a line
    const points = {show: () => this.#points.filter(({total}) => total).length < 3, size: 5};
    const axis = {
      stroke: colourOf('quiet'), font: '11px system-ui, sans-serif', labelGap: 0,
      grid: {stroke: colourOf('grid'), width: 1}, ticks: {show: false},
    };
    const stroke = (one) => colourOf(`series-${one.colour}`);
    this.#plot = new uPlot({
      width: this.#width(),
      height: this.#height(),
      padding: [8, 26, 0, 0],
      legend: {show: false},
      cursor: {sync: {key: this.syncKey}, points: {size: 5}, drag: {x: Boolean(this.onZoom), y: false, setScale: false}, y: false,
        bind: {dblclick: () => () => this.onZoom?.(null)}},
      scales: {x: {time: true, range: () => [this.from / 1000, this.to / 1000]},
        y: logarithmic ? LOGARITHMIC : LINEAR},
      axes: [
        {...axis, size: 22, space: 70, values: (_, times) => times.map((time) => timeOfAxis(time * 1000, this.to - this.from))},
        {...axis, size: 62, space: 34, ...(logarithmic ? POWERS : {}), ...(binary ? {incrs: BINARY_STEPS} : {}), values: (_, values) => values.map((value) => write(value))},
      ],
      series: [{}, ...lines.map((one, index) => ({
        label: one.label, stroke: stroke(one), width: one.edge ? 0.6 : one.dots ? 0 : 1.5,
        fill: index === 0 ? faint(stroke(one)) : undefined, points: one.dots ? {show: true, size: 3, fill: stroke(one), width: 0} : points,
      })), ...[...this.#bounds.values()].flatMap(() => [EDGE, EDGE]),
      ...(this.#references ? lines.map((one) => ({stroke: faint(stroke(one), 0.75), width: 1, dash: [4, 4], points: {show: false}, show: !one.dots})) : [])],
      bands: [...[...this.#bounds].map(([one, {lower, upper}]) => ({series: [upper, lower], fill: faint(stroke(one), 0.2)})),
        ...lines.flatMap((one, index) => (one.to
          ? [{series: [lines.findIndex(({key}) => key === one.to) + 1, index + 1], fill: faint(stroke(one), 0.16)}] : []))],
      hooks: {
        drawClear: [(plot) => drawMarkers(plot, this.#markers)],
        setCursor: [(plot) => {
          this.#cursor = plot.cursor.idx ?? null;
          this.#writeLegend();
        }],
        setSelect: [(plot) => {
          const {left, width} = plot.select;
          if (width > 4) {
            plot.setSelect({left: 0, top: 0, width: 0, height: 0}, false);
            this.onZoom?.({from: plot.posToVal(left, 'x') * 1000, to: plot.posToVal(left + width, 'x') * 1000});
          }
        }],
      },
    }, this.#data, this.canvas);
    // the figure's own label speaks for it
    this.#plot.root.setAttribute('aria-hidden', 'true');
  }

  // time: {from, to, step}; reference: points to compare with, {points, valueOf(point, key, perSecond)}
  render(points, {from, to, step = 0, markers = [], reference = null}) {
    this.from = from;
    this.to = to;
    this.#points = points;
    this.#markers = markers;
    const {lines, perSecond, logarithmic} = this.definition;
    // nothing has no place on a logarithmic scale
    const shown = (value) => (logarithmic && value === 0 ? null : value);
    const column = (key) => points.map((point) => shown(valueAt(point, key, perSecond)));
    this.#data = [points.map((point) => point.at / 1000), ...lines.map((one) => column(one.key)),
      ...[...this.#bounds.keys()].flatMap(({key}) => [column(key + '_lower'), column(key + '_upper')])];
    const references = reference ? this.#data.length : 0;
    if (reference) {
      const beside = aligned(points, reference.points);
      this.#data.push(...lines.map((one) => beside.map((point) => (point ? shown(reference.valueOf(point, one.key, perSecond)) : null))));
    }
    if (references !== this.#references) {
      this.#references = references;
      this.repaint();
    }
    setText(this.note, this.definition.note?.(step) ?? '');
    if (this.#plot) {
      this.#plot.setData(this.#data);
    } else {
      this.#make();
    }
    this.#writeLegend();
    setAttribute(this.canvas, 'aria-label', `${this.definition.title} over time. Now: ${this.#describe()}`);
  }

  #index() {
    const last = this.#points.length - 1;
    return this.#cursor !== null && this.#cursor <= last ? this.#cursor : last;
  }

  // In words, with its error where it has one.
  #value(row, index) {
    const {lines, write} = this.definition;
    const value = this.#data[row + 1]?.[index] ?? null;
    const bounds = this.#bounds.get(lines[row]);
    const [lower, upper] = bounds ? [this.#data[bounds.lower]?.[index] ?? null, this.#data[bounds.upper]?.[index] ?? null] : [null, null];
    if (value === null) {
      return lower === null || upper === null ? '–' : `${write(lower)} … ${write(upper)}`;
    }
    return upper > lower ? `${write(value)} ±${write(Math.ceil((upper - lower) / 2))}` : write(value);
  }

  #describe() {
    const last = this.#points.length - 1;
    return this.definition.lines.map((one, row) => `${one.label} ${this.#value(row, last)}`).join(', ');
  }

  #writeLegend() {
    const index = this.#index();
    this.#values.forEach((element, row) => setText(element, this.#value(row, index)));
    setText(this.pointTime, this.#cursor !== null && this.#points[index] ? pointTime(this.#points[index]) : '');
  }

  // After a change of theme: colors are baked in.
  repaint() {
    this.#plot?.destroy();
    this.#plot = null;
  }

  close() {
    this.observer.disconnect();
    this.repaint();
    this.figure.remove();
  }
}

export class Charts {
  // options: syncKey; onZoom({from, to} in milliseconds, or null for the whole range); actions(chart): elements beside its title
  constructor(container, definitions, options) {
    this.charts = definitions.map((definition) => new Chart(container, definition, options));
  }

  render(points, time) {
    this.charts.forEach((chart) => chart.render(points, time));
  }

  repaint() {
    this.charts.forEach((chart) => chart.repaint());
  }

  close() {
    this.charts.forEach((chart) => chart.close());
  }
}
