// Charts over time. uPlot draws; colours come from the style sheet, so that they follow the theme.
/* global uPlot */

import {clock} from './format.js';
import {valueAt} from './series.js';
import {el, setText} from './dom.js';

const HEIGHT = 132;
const EDGE = {width: 0, points: {show: false}};

// Steps of an axis of bytes: what is written in KiB is cut in powers of two.
const BINARY_STEPS = Array.from({length: 53}, (_, power) => 2 ** power);

// A custom property is text until something is painted with it.
function colourOf(name) {
  const probe = el('span', {class: 'probe', 'data-colour': name});
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

function faint(colour, alpha = 0.08) {
  return colour.replace(/^rgb\((.*)\)$/, `rgba($1, ${alpha})`);
}

// A scale on which the usual and the worst both can be read: whole powers of ten.
const LOGARITHMIC = {distr: 3, range: (_, low, high) => (high > 0
  ? [10 ** Math.floor(Math.log10(low)), 10 ** Math.max(Math.ceil(Math.log10(high)), Math.floor(Math.log10(low)) + 1)] : [1, 10])};
const POWERS = {
  filter: (_, splits) => splits,
  splits: (_, axis, low, high) => Array.from({length: Math.round(Math.log10(high / low)) + 1}, (__, power) => low * 10 ** power),
};
const LINEAR = {range: (_, low, high) => [0, high > 0 ? high * 1.08 : 1]};

// When that was: of a longer span from when to when.
function pointTime({at, span}) {
  return span >= 60_000 ? `${clock(at - span).slice(0, 5)}–${clock(at).slice(0, 5)}` : clock(at);
}

class Chart {
  #plot = null;
  #values = [];
  #data = [[]];
  #points = [];
  #membership = [];
  #cursor = null;
  #bounds = new Map(); // of a line that is known between bounds, the rows of these

  constructor(container, definition, syncKey) {
    this.definition = definition;
    this.syncKey = syncKey;
    const legend = el('ul', {class: 'legend'}, ...definition.lines.map((one) => {
      const value = el('b');
      this.#values.push(value);
      return el('li', {}, el('i', {'data-colour': `series-${one.colour}`}), one.label + ' ', value);
    }));
    let rows = definition.lines.length;
    for (const one of definition.lines.filter(({bounded: between}) => between)) {
      this.#bounds.set(one, {lower: ++rows, upper: ++rows});
    }
    this.pointTime = el('span', {class: 'point-time'});
    this.note = el('small');
    this.canvas = el('div', {class: 'canvas', role: 'img', 'aria-label': definition.title});
    this.figure = el('figure', {class: 'chart'}, el('figcaption', {}, el('strong', {}, definition.title, this.note), this.pointTime, legend), this.canvas);
    container.append(this.figure);
    this.observer = new ResizeObserver(() => this.#plot?.setSize({width: this.#width(), height: HEIGHT}));
    this.observer.observe(this.canvas);
  }

  #width() {
    return Math.max(120, this.canvas.clientWidth);
  }

  #make() {
    const {lines, write, logarithmic, binary} = this.definition;
    // of too few for a line
    const points = {show: () => this.#points.length < 3, size: 5};
    const axis = {
      stroke: colourOf('quiet'), font: '11px system-ui, sans-serif', labelGap: 0,
      grid: {stroke: colourOf('grid'), width: 1}, ticks: {show: false},
    };
    this.#plot = new uPlot({
      width: this.#width(),
      height: HEIGHT,
      padding: [8, 26, 0, 0],
      legend: {show: false},
      cursor: {sync: {key: this.syncKey}, points: {size: 5}, drag: {x: false, y: false}, y: false},
      scales: {x: {time: true, range: () => [this.from / 1000, this.to / 1000]},
        y: logarithmic ? LOGARITHMIC : LINEAR},
      axes: [
        {...axis, size: 22, space: 70, values: (_, times) => times.map((time) => clock(time * 1000).slice(0, this.to - this.from < 600_000 ? 8 : 5))},
        {...axis, size: 62, space: 34, ...(logarithmic ? POWERS : {}), ...(binary ? {incrs: BINARY_STEPS} : {}), values: (_, values) => values.map((value) => write(value))},
      ],
      series: [{}, ...lines.map((one, index) => {
        const stroke = colourOf(`series-${one.colour}`);
        return {label: one.label, stroke, width: 1.5, fill: index === 0 ? faint(stroke) : undefined, points};
      }), ...[...this.#bounds.values()].flatMap(() => [EDGE, EDGE])],
      bands: [...this.#bounds].map(([one, {lower, upper}]) =>
        ({series: [upper, lower], fill: faint(colourOf(`series-${one.colour}`), 0.2)})),
      hooks: {
        drawClear: [(plot) => this.#drawMembership(plot)],
        setCursor: [(plot) => {
          this.#cursor = plot.cursor.idx ?? null;
          this.#writeLegend();
        }],
      },
    }, this.#data, this.canvas);
    // the figure's own label speaks for it
    this.#plot.root.setAttribute('aria-hidden', 'true');
  }

  // A mark where a node was lost or came.
  #drawMembership(plot) {
    const {ctx, bbox} = plot;
    ctx.save();
    ctx.lineWidth = devicePixelRatio;
    for (const {at, type} of this.#membership) {
      const x = plot.valToPos(at / 1000, 'x', true);
      if (x >= bbox.left && x <= bbox.left + bbox.width) {
        ctx.strokeStyle = colourOf(type === 'lost' ? 'lost-mark' : 'grid');
        ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
        ctx.beginPath();
        ctx.moveTo(x, bbox.top);
        ctx.lineTo(x, bbox.top + bbox.height);
        ctx.stroke();
      }
    }
    ctx.restore();
  }

  // stepSeconds: of a history how long its steps are, else 0
  render(points, membership, from, to, stepSeconds) {
    this.from = from;
    this.to = to;
    this.#points = points;
    this.#membership = membership;
    const {lines, perSecond, logarithmic} = this.definition;
    // nothing has no place on a logarithmic scale
    const column = (key) => points.map((point) => valueAt(point, key, perSecond))
        .map((value) => (logarithmic && value === 0 ? null : value));
    this.#data = [points.map((point) => point.at / 1000), ...lines.map((one) => column(one.key)),
      ...[...this.#bounds.keys()].flatMap(({key}) => [column(key + '_lower'), column(key + '_upper')])];
    setText(this.note, this.definition.note?.(stepSeconds) ?? '');
    if (this.#plot) {
      this.#plot.setData(this.#data);
    } else {
      this.#make();
    }
    this.#writeLegend();
    const description = this.#describe();
    this.canvas.setAttribute('aria-label', `${this.definition.title} over time. Now: ${description}`);
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

  // After a change of theme: colours are baked in.
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
  constructor(container, definitions, syncKey) {
    this.charts = definitions.map((definition) => new Chart(container, definition, syncKey));
  }

  render(points, membership, from, to, stepSeconds = 0) {
    // marks are for the eye: of a thousand nodes that come at once one line is enough
    const marks = new Map(membership.filter((change) => change.at >= from && change.type !== 'draining')
        .map((change) => [Math.floor(change.at / 2_000) + change.type, change]));
    const drawn = [...marks.values()].slice(0, 200);
    this.charts.forEach((chart) => chart.render(points, drawn, from, to, stepSeconds));
  }

  repaint() {
    this.charts.forEach((chart) => chart.repaint());
  }

  close() {
    this.charts.forEach((chart) => chart.close());
  }
}
