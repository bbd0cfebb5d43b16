// One sentence about the cluster and a color; each part leads to its evidence. Title and icon have the same state.

import {ago, whole} from './format.js';
import {byId, el, setAttribute, setText} from './dom.js';

export const INDICATORS = {
  api_latency: 'API latency', client_latency: 'client latency', cpu_usage: 'CPU', memory: 'memory', threads: 'threads', clients: 'clients',
  version: 'version',
  messages_per_client: 'messages per client', requests_per_client: 'requests per client',
};

// Warnings that are usual during an upgrade.
const HARMLESS = new Set(['version_skew', 'mixed_metrics_interval']);

const NAMED = 2;
const LEVELS = ['good', 'warn', 'bad'];

export const factorText = (factor) => (factor >= 1 ? `${factor.toFixed(1)} ×` : `${factor.toFixed(2)} ×`);

export const deviationText = ({indicator, factor, method, value, peers}) => (method === 'minority'
  ? `${INDICATORS[indicator] ?? indicator} of only ${whole(value)} of ${whole(peers)} nodes` : `${INDICATORS[indicator] ?? indicator} ${factorText(factor)}`);

// The parts of the sentence: {text, level, lead} where lead is {node}, {q} or {section}, or nothing. hadNodes: whether there is a
// node or a record of one; detailsAge: the milliseconds since what is not in the events was received, 0 if it is recent.
export function judge({present, states, hadNodes, lost, outliers, alerts, warnings, detailsAge, disconnection, now}) {
  const parts = [];
  const add = (level, text, lead) => parts.push({level, text, lead});
  if (disconnection) {
    add(disconnection.level, disconnection.text);
  }
  if (detailsAge > 0) {
    add('warn', `details not received, the last ${ago(detailsAge)}`);
  }
  add(present === 0 && hadNodes ? 'bad' : 'good', `${whole(states.live)} node${states.live === 1 ? '' : 's'} live`, {q: ''});
  for (const state of ['draining', 'stale']) {
    if (states[state] > 0) {
      add(state === 'stale' ? 'warn' : 'good', `${whole(states[state])} ${state}`, {q: `state:${state}`});
    }
  }
  if (lost.length === 1) {
    add('bad', `${lost[0].name} lost ${ago(now - lost[0].goneAt)}`, {node: lost[0].uid});
  } else if (lost.length > 1) {
    add('bad', `${whole(lost.length)} lost, the last ${ago(now - lost[0].goneAt)}`, {q: 'state:lost'});
  }
  if (outliers.length > 0 && outliers.length <= NAMED) {
    outliers.forEach(({uid, name, deviations}) => add('warn', `${name} outlier (${deviationText(deviations[0])})`, {node: uid}));
  } else if (outliers.length > 0) {
    add('warn', `${whole(outliers.length)} outliers`, {q: 'is:outlier'});
  }
  if (alerts.length > 0) {
    add(alerts.some(({labels}) => labels.severity === 'critical') ? 'bad' : 'warn',
        `${whole(alerts.length)} alert${alerts.length === 1 ? '' : 's'}`, {section: 'alerts'});
  }
  if (warnings.length > 0) {
    add(warnings.every(({code}) => HARMLESS.has(code)) ? 'good' : 'warn',
        `${whole(warnings.length)} warning${warnings.length === 1 ? '' : 's'}`, {section: 'warnings'});
  }
  const level = LEVELS[Math.max(...parts.map((part) => LEVELS.indexOf(part.level)))];
  return {level, parts, isEmpty: present === 0};
}

export class Verdict {
  #links = '';
  #icons;

  // link(change) gives the address of the page with a changed state
  constructor(element, link) {
    this.element = element;
    this.link = link;
    this.icon = document.querySelector('link[rel=icon]');
    const base = this.icon.getAttribute('href');
    // loaded now: what reports a lost aggregator cannot be loaded from it
    this.#icons = {unknown: base, good: base, warn: base.replace('icon.svg', 'icon-warn.svg'), bad: base.replace('icon.svg', 'icon-bad.svg')};
    this.images = [this.#icons.warn, this.#icons.bad].map((src) => Object.assign(new Image(), {src}));
  }

  render({level, parts}, name) {
    setAttribute(this.element, 'data-level', level);
    const links = JSON.stringify(parts.map((part) => part.lead ?? null)) + location.search;
    if (links !== this.#links) {
      this.#links = links;
      this.element.replaceChildren(...parts.map((part) => this.#part(part)));
    }
    parts.forEach((part, index) => {
      const element = this.element.children[index];
      setText(element, part.text);
      setAttribute(element, 'data-level', part.level);
    });
    const trouble = parts.filter((part) => part.level !== 'good').map((part) => part.text);
    const nodes = parts.find((part) => part.lead?.q === '').text;
    const mark = level === 'bad' ? '✕ ' : level === 'warn' ? '! ' : '';
    document.title = trouble.length === 0 || trouble[0] === nodes ? `${mark}${nodes} · ${name}`
      : `${mark}${trouble[0].replace(/,? (the last )?\d+ \w+ ago$/, '')} · ${nodes.replace(' live', '')} · ${name}`;
    setAttribute(this.icon, 'href', this.#icons[level]);
  }

  #part({lead}) {
    if (!lead) {
      return el('span');
    }
    return lead.section ? el('a', {href: '#' + lead.section}) : el('a', {href: this.link(lead), ...('node' in lead
      ? {'data-node': lead.node} : {'data-filter': lead.q})});
  }
}

// The sentence without what changes every second, for screen readers.
export const spoken = ({parts}) => parts.map((part) => part.text.replace(/,? (the last )?\d+ \w+ ago$/, '')).join(', ');

// Speaks a changed sentence, at most every few seconds.
export class Announcer {
  static MILLIS = 5_000;
  #spokenAt = 0;

  speak(text, now) {
    const element = byId('announcer');
    if (element.textContent !== text && now - this.#spokenAt >= Announcer.MILLIS) {
      this.#spokenAt = now;
      setText(element, text);
    }
  }
}
