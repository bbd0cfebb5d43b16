// The outliers as small charts: the field that deviates, with the median of the peers as a dashed line.

import {Charts} from './charts.js';
import {el, setText} from './dom.js';
import {FIELD} from './fields.js';
import {formatValue, rate} from './format.js';
import {nodePoints, withHoles} from './series.js';
import {deviationText} from './verdict.js';

const SHOWN = 6;
const REFRESH_MILLIS = 10_000;

function definition({deviations: [{field}]}) {
  const {kind, merge, window} = FIELD.get(field);
  const perSecond = window && merge === 'sum';
  return {title: FIELD.get(field).label, perSecond, write: perSecond ? (value) => rate(value, kind) : (value) => formatValue(value, kind, 0),
    lines: [{key: field, label: 'now', colour: 4}]};
}

export class OutlierCharts {
  #entries = new Map(); // by uid: {key, charts, points, askedAt}

  constructor(section, get, chartOptions, link) {
    this.section = section;
    this.get = get;
    this.chartOptions = chartOptions;
    this.link = link;
    this.body = el('div', {class: 'charts'});
    section.append(el('h2', {id: 'outliers-heading'}, 'Outliers'), this.body);
  }

  // outliers: [{uid, name, deviations}], the largest factor first
  render(outliers, time, now) {
    const shown = outliers.filter(({deviations: [{field}]}) => FIELD.get(field)?.kind !== 'text' && FIELD.has(field)).slice(0, SHOWN);
    this.section.hidden = shown.length === 0;
    const wanted = new Map(shown.map((one) => [one.uid, one]));
    for (const [uid, {charts, element}] of this.#entries) {
      if (!wanted.has(uid)) {
        charts.close();
        element.remove();
        this.#entries.delete(uid);
      }
    }
    shown.forEach((outlier) => this.#render(outlier, time, now));
  }

  #render(outlier, time, now) {
    const {uid, name, deviations: [deviation]} = outlier;
    let entry = this.#entries.get(uid);
    if (entry && entry.field !== deviation.field) {
      entry.charts.close();
      entry.element.remove();
      entry = undefined;
    }
    if (!entry) {
      const element = el('div', {class: 'outlier'});
      this.body.append(element);
      entry = {element, field: deviation.field, points: [], askedAt: 0, charts: new Charts(element, [definition(outlier)], this.chartOptions),
        words: el('span', {class: 'quiet'})};
      element.prepend(el('p', {}, el('a', {href: this.link({node: uid}), 'data-node': uid}, name), ' ', entry.words));
      this.#entries.set(uid, entry);
    }
    setText(entry.words, outlier.deviations.map(deviationText).join(', '));
    if (now - entry.askedAt >= REFRESH_MILLIS) {
      entry.askedAt = now;
      this.get('node/series?uid=' + encodeURIComponent(uid)).then((windows) => {
        entry.points = withHoles(nodePoints(windows));
        this.#draw(entry, this.time);
      }, () => {});
    }
    entry.deviation = deviation;
    this.time = time;
    this.#draw(entry, time);
  }

  #draw({points, deviation, charts}, time) {
    const shown = points.filter(({at}) => at >= time.from && at <= time.to);
    charts.render(shown, {...time, reference: deviation.per_client ? null : {points: shown, valueOf: () => deviation.median}});
  }

  repaint() {
    this.#entries.forEach(({charts}) => charts.repaint());
  }
}
