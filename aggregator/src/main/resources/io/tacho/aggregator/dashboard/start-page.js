// What the page shows while there is nothing to show: what to do next instead of zeros.

import {byId, el} from './dom.js';

const COMMANDS = [
  ['an agent for a server of this machine', './tacho agent --name chat_1 --redis REDIS'],
  ['a demo hub that WebSocket clients can connect to', './tacho demo node --redis REDIS'],
  ['a hundred simulated nodes', './tacho swarm --nodes 100 --redis REDIS'],
];

export class StartPage {
  #state = '';

  // state: 'unreached', 'empty', 'loading' or ''; identity: of the aggregator, as far as it is known
  render(state, identity) {
    const redis = `redis://${identity?.redis?.address ?? '127.0.0.1:6379'}`;
    const problems = Object.values(identity?.redis?.problems ?? {});
    const key = [state, redis, ...problems].join('\n');
    if (key === this.#state) {
      return;
    }
    this.#state = key;
    const section = byId('start');
    section.hidden = state === '';
    section.replaceChildren(...(state === 'unreached' ? this.#unreached(problems, redis) : state === 'empty' ? this.#empty(redis)
      : state === 'loading' ? [el('p', {class: 'quiet'}, 'Loading the nodes …')] : []));
  }

  #unreached(problems, redis) {
    return [
      el('h2', {}, 'This aggregator has not reached Redis yet'),
      el('p', {}, 'Nothing is known about the nodes, so no numbers are shown. The page continues by itself as soon as Redis responds.'),
      ...problems.map((problem) => el('p', {class: 'problem'}, problem)),
      el('ol', {},
          el('li', {}, 'Does Redis respond? ', el('code', {}, `redis-cli -u ${redis} ping`)),
          el('li', {}, 'Is it the server that the aggregator was started with? ', el('code', {}, 'tacho aggregator --print-config'), ' prints its address.'),
          el('li', {}, 'The log of the aggregator names the cause: an unreachable server, a wrong password, or missing rights.')),
    ];
  }

  #empty(redis) {
    return [
      el('h2', {}, 'No nodes yet'),
      el('p', {}, 'The aggregator is connected to Redis, and no node reports there. Each of these starts one:'),
      el('dl', {}, ...COMMANDS.flatMap(([what, command]) =>
        [el('dt', {}, what), el('dd', {}, el('code', {}, command.replace('REDIS', redis)))])),
      el('p', {class: 'quiet'}, 'Nodes of another namespace are not shown: agents and aggregators need the same --namespace.'),
    ];
  }
}
