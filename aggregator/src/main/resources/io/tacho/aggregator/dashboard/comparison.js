// Versions, or the values of a label, side by side: /cluster?by=…. The largest group is what the others are compared with.

import {filterTerm} from './filter.js';
import {bytes, count, nanos, percent, whole} from './format.js';
import {el, setText} from './dom.js';

const REFRESH_MILLIS = 10_000;

// Which values are shown: [key, head, write].
const VALUES = [
  ['clients_per_node', 'Clients per node', count],
  ['num_msg_sent_per_1000_clients', 'Sent per 1,000 clients', count],
  ['num_client_requests_per_1000_clients', 'Requests per 1,000 clients', count],
  ['time_client_p99', 'Client p99', nanos],
  ['time_api_mean', 'API mean', nanos],
  ['time_api_p99', 'API p99', nanos],
  ['memory_sys_per_1000_clients', 'Memory per 1,000 clients', bytes],
  ['cpu_usage_per_1000_clients', 'CPU per 1,000 clients', percent],
];
const NOTEWORTHY = 0.1;

export class Comparison {
  #askedAt = 0;
  #by = '';
  #choices = '';

  constructor(section, get, {onBy, onFilter}) {
    this.section = section;
    this.get = get;
    this.onFilter = onFilter;
    this.by = el('select', {onchange: () => onBy(this.by.value)});
    this.note = el('small');
    this.head = el('tr');
    this.body = el('tbody');
    this.charts = el('div', {class: 'charts'});
    section.append(el('div', {class: 'toolbar'}, el('h2', {id: 'comparison-heading'}, 'Comparison ', this.note), el('label', {}, 'by ', this.by)),
        el('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Table of groups'},
            el('table', {class: 'fields'}, el('caption', {class: 'unseen'}, 'Groups of nodes, compared with the largest one'), el('thead', {}, this.head), this.body)), this.charts);
  }

  // by: 'version' or 'label:NAME'; with fewer than two groups there is nothing to compare
  async pollIfDue(by, labelNames, now) {
    const choices = ['version', ...labelNames.map((name) => 'label:' + name)];
    if (choices.join() !== this.#choices) {
      this.#choices = choices.join();
      this.by.replaceChildren(...choices.map((choice) => el('option', {value: choice}, choice.replace('label:', ''))));
    }
    this.by.value = by;
    if (by === this.#by && now - this.#askedAt < REFRESH_MILLIS) {
      return;
    }
    this.#by = by;
    this.#askedAt = now;
    const found = await this.get('cluster?by=' + encodeURIComponent(by)).catch(() => null);
    if (found && by === this.#by) {
      this.#render(found, labelNames);
    }
  }

  #render({by, groups, total}, labelNames) {
    this.section.hidden = total < 2 && labelNames.length === 0;
    setText(this.note, total > groups.length ? `${groups.length} of ${total} groups` : '');
    const shown = VALUES.filter(([key]) => groups.some((group) => group.values[key] !== undefined));
    this.head.replaceChildren(el('th', {scope: 'col'}, by.replace('label:', '')), el('th', {scope: 'col', class: 'number'}, 'Nodes'),
        ...shown.map(([, head]) => el('th', {scope: 'col', class: 'number'}, head)), el('th', {scope: 'col', class: 'number'}, 'Samples'));
    this.body.replaceChildren(...groups.map((group) => el('tr', {},
        el('th', {scope: 'row'}, group.value === null ? 'not reported'
          : el('button', {type: 'button', title: 'Show only these', onclick: () => this.onFilter(filterTerm(by, group.value))}, group.value)),
        el('td', {class: 'number'}, whole(group.nodes)),
        ...shown.map(([key, , write]) => this.#cell(group.values[key], write)),
        el('td', {class: 'number quiet', title: 'response times of client and API requests'},
            count((group.samples?.time_client ?? 0) + (group.samples?.time_api ?? 0))))));
  }

  #cell(value, write) {
    if (!value) {
      return el('td', {class: 'number'}, '–');
    }
    const {value: number, factor} = value;
    const percentage = Math.round(((factor ?? 1) - 1) * 100);
    const difference = percentage === 0 ? '' : ` ${percentage > 0 ? '+' : '−'}${whole(Math.abs(percentage))} %`;
    return el('td', {class: 'number'}, write(write === count ? Math.round(number) : number), el('small', {'data-level': Math.abs((factor ?? 1) - 1) > NOTEWORTHY ? 'warn' : 'good'}, difference));
  }
}
