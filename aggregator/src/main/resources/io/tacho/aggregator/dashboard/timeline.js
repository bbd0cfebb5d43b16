// Who came and who went. What happened to many at once is one line.

import {clock} from './format.js';
import {el} from './dom.js';

const TOGETHER_MILLIS = 10_000;
const LINES = 150;

// Runs of the same kind, newest first: [{type, from, to, nodes}].
export function grouped(turns) {
  const groups = [];
  for (const turn of turns) {
    const last = groups.at(-1);
    if (last && last.type === turn.type && last.from - turn.at < TOGETHER_MILLIS) {
      last.nodes.push(turn);
      last.from = turn.at;
    } else {
      groups.push({type: turn.type, from: turn.at, to: turn.at, nodes: [turn]});
    }
  }
  return groups;
}

const WORDS = {
  joined: 'joined', left: 'left', lost: 'lost', restarted: 'restarted', draining: 'draining', gone: 'gone, unseen',
};

export class Timeline {
  #drawn = '';

  constructor(list, nothing, link) {
    this.list = list;
    this.nothing = nothing;
    this.link = link;
  }

  render(turns) {
    const key = turns.length + ':' + (turns[0]?.at ?? 0) + ':' + (turns.at(-1)?.at ?? 0);
    if (key === this.#drawn) {
      return;
    }
    this.#drawn = key;
    this.nothing.hidden = turns.length > 0;
    const groups = grouped(turns).slice(0, LINES);
    this.list.replaceChildren(...groups.map((group) => this.#line(group)));
  }

  #line({type, to, nodes}) {
    const named = nodes.slice(0, 3).flatMap((turn, index) =>
      [index > 0 ? ', ' : '', el('a', {href: this.link(turn.uid), 'data-node': turn.uid}, turn.name)]);
    const more = nodes.length > 3 ? ` and ${nodes.length - 3} more` : '';
    return el('li', {'data-state': type},
        el('time', {datetime: new Date(to).toISOString()}, clock(to)),
        el('span', {class: 'what'}, (WORDS[type] ?? type) + (nodes.length > 1 ? ` ${nodes.length}` : '')),
        el('span', {class: 'who', title: nodes.slice(0, 50).map((turn) => turn.name).join(', ')}, ...named, more));
  }
}
