// Membership changes. Those of many nodes at once are one line.

import {timestamp} from './format.js';
import {el} from './dom.js';

const TOGETHER_MILLIS = 10_000;
const LINES = 150;
const HOUR_MILLIS = 3_600_000;

// Runs of the same kind, newest first: [{type, from, to, nodes}].
export function grouped(membership) {
  const groups = [];
  for (const change of membership) {
    const last = groups.at(-1);
    if (last && last.type === change.type && last.from - change.at < TOGETHER_MILLIS) {
      last.nodes.push(change);
      last.from = change.at;
    } else {
      groups.push({type: change.type, from: change.at, to: change.at, nodes: [change]});
    }
  }
  return groups;
}

const WORDS = {
  joined: 'joined', left: 'left', lost: 'lost', restarted: 'restarted', draining: 'draining', gone: 'gone, unseen',
};

export class Timeline {
  #drawn = null;
  #hour = 0;

  constructor(list, nothing, link) {
    this.list = list;
    this.nothing = nothing;
    this.link = link;
  }

  // Draws the changes again if there are others, or once an hour for their dates.
  render(membership, now) {
    const hour = Math.floor(now / HOUR_MILLIS);
    if (membership === this.#drawn && hour === this.#hour) {
      return;
    }
    this.#drawn = membership;
    this.#hour = hour;
    this.nothing.hidden = membership.length > 0;
    const groups = grouped(membership).slice(0, LINES);
    this.list.replaceChildren(...groups.map((group) => this.#line(group, now)));
  }

  #line({type, to, nodes}, now) {
    const named = nodes.slice(0, 3).flatMap((change, index) =>
      [index > 0 ? ', ' : '', el('a', {href: this.link(change.uid), 'data-node': change.uid}, change.name)]);
    const more = nodes.length > 3 ? ` and ${nodes.length - 3} more` : '';
    return el('li', {'data-state': type},
        el('time', {datetime: new Date(to).toISOString(), title: new Date(to).toLocaleString()}, timestamp(to, now)),
        el('span', {class: 'what'}, (WORDS[type] ?? type) + (nodes.length > 1 ? ` ${nodes.length}` : '')),
        el('span', {class: 'who', title: nodes.slice(0, 50).map((change) => change.name).join(', ')}, ...named, more));
  }
}
