// One field over time with a line per version, or per value of a label: the mean of the nodes of each group, since this page was opened.

import {Charts} from './charts.js';
import {FIELD, isGone, valueOf} from './fields.js';
import {formatValue} from './format.js';

const LINES = 4;
const STEP_MILLIS = 5_000;
const KEPT_MILLIS = 900_000;
const USUAL_FIELD = 'num_clients';

// The mean of a field for each of the largest groups: [[value, mean]], the largest first.
export function groupMeans(nodes, by, field) {
  const groups = Map.groupBy([...nodes].filter(({state}) => !isGone(state)), (node) => valueOf(node, by) || 'not reported');
  return [...groups].sort(([, a], [, b]) => b.length - a.length).slice(0, LINES)
      .map(([value, members]) => [value, members.reduce((sum, node) => sum + node.values[field], 0) / members.length]);
}

export class GroupChart {
  #charts = null;
  #points = [];
  #shown = '';

  constructor(element, chartOptions) {
    this.element = element;
    this.chartOptions = chartOptions;
  }

  // color: the field of the map, which this follows; time: of the charts
  render(nodes, by, color, time, now) {
    const field = color === 'state' ? USUAL_FIELD : color;
    if (now - (this.#points.at(-1)?.at ?? 0) < STEP_MILLIS / 2 && this.#shown.startsWith(by + field)) {
      return;
    }
    const means = groupMeans(nodes, by, field);
    const shown = by + field + means.map(([value]) => value).join();
    if (shown !== this.#shown) {
      this.#shown = shown;
      this.#points = [];
      this.#charts?.close();
      this.#charts = means.length < 2 ? null : new Charts(this.element, [{
        title: `${FIELD.get(field).label} per node by ${by.replace('label:', '')}`, write: (value) => formatValue(value, FIELD.get(field).kind, now / 1000),
        lines: means.map(([value], index) => ({key: String(index), label: value, colour: index + 1}))}], this.chartOptions);
    }
    this.#points = [...this.#points.filter(({at}) => at > now - KEPT_MILLIS),
      {at: now, span: STEP_MILLIS, interval: 1, total: Object.fromEntries(means.map(([, mean], index) => [index, Math.round(mean)]))}];
    this.#charts?.render(this.#points, {...time, from: Math.max(time.from, now - KEPT_MILLIS), to: now});
  }

  repaint() {
    this.#charts?.repaint();
  }
}
