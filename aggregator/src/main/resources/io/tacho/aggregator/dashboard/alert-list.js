// The firing alerts: rule, node, value against its condition, and start.

import {ago, whole} from './format.js';
import {byId, el, setText} from './dom.js';

const SHOWN = 50;

// "chat-18: time_api_mean 1.8ms (time_api_mean > 1ms for 1 window)" without the name and the condition, which have their own cells.
export const valueText = ({annotations: {summary}, labels: {node}}) =>
  (node !== undefined && summary.startsWith(node + ': ') ? summary.slice(node.length + 2) : summary).replace(/ \([^()]*\)$/, '');

// The line of an alert file that silences an alert; names with a space cannot be written there.
export function silenceLine({labels: {alertname, node}}, hours, now) {
  const until = new Date(now + hours * 3_600_000).toISOString().slice(0, 16) + 'Z';
  return `silence ${alertname}${node === undefined ? '' : ` node=${node}`} until ${until}`;
}

// Alert files belong to the operator, so the page shows the line to add there.
function openSilence(alert) {
  const dialog = byId('silence');
  const line = el('code', {id: 'silence-line'});
  const hours = el('select', {onchange: () => show()}, ...[1, 4, 24, 168].map((value) => el('option', {value}, value < 24 ? `${value} h` : `${value / 24} d`)));
  const show = () => setText(line, silenceLine(alert, Number(hours.value), Date.now()));
  show();
  dialog.replaceChildren(el('form', {method: 'dialog'}, el('h2', {id: 'silence-heading'}, `Silence ${alert.labels.alertname}`),
      el('label', {}, 'for ', hours), el('p', {}, 'Add this line to the alert file of the aggregators and send them SIGHUP:'), line,
      el('button', {type: 'submit', class: 'primary'}, 'Close')));
  dialog.showModal();
}

export class AlertList {
  #drawn = '';
  #starts = [];

  constructor(section, {link}) {
    this.section = section;
    this.link = link;
    this.heading = el('small');
    this.body = el('tbody');
    section.append(el('h2', {id: 'alerts-heading', tabindex: '-1'}, 'Alerts ', this.heading),
        el('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Table of alerts'},
            el('table', {class: 'alerts'}, el('caption', {class: 'unseen'}, 'Firing alerts, those of nodes with a link'),
                el('thead', {}, el('tr', {}, ...['Rule', 'Node', 'Value', 'Condition', 'Since', '']
                    .map((head) => (head ? el('th', {scope: 'col'}, head) : el('td'))))), this.body)));
  }

  // firing: the alerts; rules: with their conditions
  render(firing, rules, now) {
    this.section.hidden = firing.length === 0;
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
        el('td', {}, alert.silenced ? 'silenced' : el('button', {type: 'button', class: 'silence', onclick: () => openSilence(alert)}, 'silence …')));
  }
}
