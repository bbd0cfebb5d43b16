// The firing alerts: rule, node, value against its condition, and start; below them the silences.

import {ago, whole} from './format.js';
import {el, setText} from './dom.js';
import {SilenceList, openSilence} from './silences.js';

const SHOWN = 50;

// "chat-18: time_api_mean 1.8ms (time_api_mean > 1ms for 1 window)" without the name and the condition, which have their own cells.
export const valueText = ({annotations: {summary}, labels: {node}}) =>
  (node !== undefined && summary.startsWith(node + ': ') ? summary.slice(node.length + 2) : summary).replace(/ \([^()]*\)$/, '');

export class AlertList {
  #drawn = '';
  #starts = [];

  // post: sends a change to the aggregator; onChange is called after one
  constructor(section, {link, post, onChange}) {
    this.section = section;
    this.link = link;
    this.silence = (alert) => openSilence(alert, post, onChange);
    this.heading = el('small');
    this.body = el('tbody');
    section.append(el('h2', {id: 'alerts-heading', tabindex: '-1'}, 'Alerts ', this.heading),
        el('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Table of alerts'},
            el('table', {class: 'alerts'}, el('caption', {class: 'unseen'}, 'Firing alerts, those of nodes with a link'),
                el('thead', {}, el('tr', {}, ...['Rule', 'Node', 'Value', 'Condition', 'Since', '']
                    .map((head) => (head ? el('th', {scope: 'col'}, head) : el('td'))))), this.body)));
    this.silences = new SilenceList(section, post, onChange);
  }

  // firing: the alerts; rules and silences as in the response of /alerts
  render(firing, {rules = [], silences = []}, now) {
    const inEffect = silences.filter(({status}) => status.state !== 'expired');
    this.section.hidden = firing.length === 0 && inEffect.length === 0;
    this.silences.render(inEffect);
    const text = JSON.stringify([firing, rules]);
    if (text !== this.#drawn) {
      this.#drawn = text;
      const conditions = new Map(rules.map(({name, condition}) => [name, condition]));
      const silenced = firing.filter((alert) => alert.silenced).length;
      setText(this.heading, `${whole(firing.length)} firing${silenced > 0 ? `, ${silenced} silenced` : ''}`);
      this.#starts = [];
      this.body.replaceChildren(...[...firing].sort((a, b) => a.silenced - b.silenced || (a.startsAt < b.startsAt ? 1 : -1)).slice(0, SHOWN)
          .map((alert) => this.#row(alert, conditions.get(alert.labels.alertname) ?? '')));
    }
    for (const {at, cell} of this.#starts) {
      setText(cell, ago(now - at));
    }
  }

  #row(alert, condition) {
    const {alertname, severity, node, uid} = alert.labels;
    const at = Date.parse(alert.startsAt);
    const since = el('time', {datetime: alert.startsAt, title: new Date(at).toLocaleString()});
    this.#starts.push({at, cell: since});
    return el('tr', {'data-severity': severity, 'data-silenced': alert.silenced || null},
        el('th', {scope: 'row'}, el('span', {class: 'severity'}, severity), ' ', alertname),
        el('td', {}, uid ? el('a', {href: this.link({node: uid}), 'data-node': uid}, node ?? uid) : node ?? 'cluster'),
        el('td', {class: 'number'}, valueText(alert)),
        el('td', {class: 'quiet'}, condition),
        el('td', {}, since),
        el('td', {}, alert.silenced ? 'silenced' : el('button', {type: 'button', class: 'silence', onclick: () => this.silence(alert)}, 'silence …')));
  }
}
