// What the page shows over time: charts, sparklines, the timeline, and the page of a node, in the range of the address.

import {COMPARISONS, RANGES, timeRange} from './address.js';
import {Charts} from './charts.js';
import {byId, setText} from './dom.js';
import {timestamp} from './format.js';
import {CLUSTER_CHARTS} from './layout.js';
import {markersOf, versionStarts} from './markers.js';
import {Past} from './past.js';
import {LiveSeries, nodePoints, valueAt, withHoles} from './series.js';
import {Timeline} from './timeline.js';

const DETAILS_MILLIS = 5_000;
const CHARTS_MILLIS = 5_000; // a new point comes about that often

export class TimeView {
  #series = new LiveSeries(RANGES.live);
  #chartsAt = 0;
  #drawnPoints = null;
  #detailsAt = 0;

  constructor({requests, cluster, facts, address, nodePage, groups, groupChart, extraChart, outliers, chartOptions, link}) {
    Object.assign(this, {requests, cluster, facts, address, nodePage, groups, groupChart, extraChart, outliers});
    this.past = new Past(requests.fetch);
    this.before = new Past(requests.fetch);
    this.charts = new Charts(byId('charts'), CLUSTER_CHARTS, chartOptions);
    this.timeline = new Timeline(byId('timeline'), byId('no-changes'), (uid) => link({node: uid}));
  }

  // Loads what was before this page was opened, or while it was disconnected or in the background.
  async loadPast() {
    try {
      this.cluster.load((await this.requests.get('membership')).changes, Date.now());
      this.#series.load(await this.past.once(timeRange({range: 'live'}, Date.now())));
      this.redraw();
    } catch {
      // the next connection, or the next look at this page, tries again
    }
  }

  // Makes the next draw() draw everything.
  redraw() {
    this.#chartsAt = 0;
  }

  // Asks for another node's details with the next draw().
  nodeChanged() {
    this.#detailsAt = 0;
    this.redraw();
  }

  // Adds the totals of now.
  add(total, nodes, now) {
    const point = {...total, nodes};
    // of what is only bounded the bounds alone
    total.upperBounds.forEach((key) => {
      point[key] = null;
    });
    this.#series.add(now, this.cluster.metricsInterval, point);
  }

  // total: of the present nodes
  draw({total, present, isConnected, now}) {
    const {address, cluster, nodePage, past} = this;
    this.timeline.render(cluster.membership, now);
    setText(byId('timeline-since'), cluster.membership.length > 0 ? `since ${timestamp(cluster.membership.at(-1).at, now)}` : '');
    const range = timeRange(address.state, now);
    const isLive = address.state.range === 'live' && !range.isFixed;
    if (isLive) {
      past.leave();
    } else if (cluster.synced) {
      past.follow(range, now);
    }
    byId('past').hidden = isLive;
    setText(byId('past'), past.note);
    if (nodePage.uid) {
      nodePage.render(cluster.nodes.get(nodePage.uid), total, present, cluster.membership, now);
      if (isConnected && now - this.#detailsAt >= DETAILS_MILLIS) {
        this.#askDetails(now);
      }
    }
    if (now - this.#chartsAt >= CHARTS_MILLIS || past.points !== this.#drawnPoints) {
      this.#chartsAt = now;
      this.#drawnPoints = past.points;
      this.#drawCharts(isLive ? this.#series.points() : past.points, {...range, step: isLive ? 0 : past.step}, now);
    }
  }

  #drawCharts(points, range, now) {
    const {cluster: {membership, nodes}, nodePage} = this;
    const markers = markersOf(nodePage.uid ? membership.filter(({uid}) => uid === nodePage.uid) : membership,
        versionStarts(nodes.values()), range.from);
    if (nodePage.uid) {
      nodePage.renderCharts({...range, markers}, points);
    } else {
      this.groups.renderSparks(points, range.from, range.to);
      this.charts.render(points, {...range, markers, reference: this.#comparedWith(range, now)});
      this.outliers.render(this.facts.outliers(), {...range, markers: []}, now);
      this.groupChart.render(nodes.values(), this.address.state.by, this.address.state.color, {...range, markers: []}, now);
      this.extraChart.render(range, markers, now);
    }
  }

  // The same range a day or a week before, if that is wanted.
  #comparedWith(range, now) {
    const agoSeconds = COMPARISONS[this.address.state.compare];
    if (agoSeconds === 0) {
      this.before.leave();
      return null;
    }
    this.before.follow(range, now, agoSeconds);
    return {points: this.before.points, valueOf: valueAt};
  }

  // Of the node that is looked at, what the events do not have. One that is gone has its last windows.
  async #askDetails(now) {
    this.#detailsAt = now;
    const {uid} = this.nodePage;
    const query = '?uid=' + encodeURIComponent(uid);
    const [details, windows] = await Promise.all(['node', 'node/series'].map((path) => this.requests.get(path + query).catch(() => null)));
    if (uid === this.nodePage.uid) {
      this.nodePage.setDetails(details, windows ? withHoles(nodePoints(windows)) : []);
      this.redraw();
    }
  }

  repaint() {
    this.charts.repaint();
    this.redraw();
  }
}
