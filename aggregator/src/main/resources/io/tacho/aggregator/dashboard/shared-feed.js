// One stream of events for all tabs of a browser: browsers allow six connections per host over HTTP/1.1. One tab, the leader, follows
// /events and passes each event on by a BroadcastChannel; the others follow it. A leader that closes leaves; one that is silent is
// replaced. Of two leaders the one with the smaller id stays. A tab joins only after its own key was accepted.

import {Feed} from './feed.js';

const SILENCE_MILLIS = 15_000; // the aggregator sends a sign of life every ten seconds
const CHECK_MILLIS = 1_000;
const RESPONSE_MILLIS = 250;
const ELECTION_MILLIS = 300;
const BATCH = 1_000;

export class SharedFeed {
  #id = Math.random().toString(36).slice(2);
  #role = 'stopped'; // or 'joining', 'follower', 'leader'
  #leader = '';
  #heardAt = 0;
  #isComplete = false; // whether the leader's view was received
  #state = 'connecting';
  #timer = 0;
  #waiting = new Set(); // of a leader, the tabs that joined while its view was not complete

  // options: those of a Feed, and replay(): the events that make up the present view, null while it is not complete
  constructor(options) {
    this.options = options;
    // pages of one version and path understand each other
    this.channel = new BroadcastChannel('tacho ' + new URL('.', import.meta.url).pathname);
    this.channel.onmessage = ({data}) => this.#receive(data);
    this.feed = new Feed({...options,
      take: (event) => {
        options.take(event);
        this.#post({type: 'event', event});
        if (event.type === 'synced') {
          const waiting = [...this.#waiting];
          this.#waiting.clear();
          waiting.forEach((id) => this.#sendView(id));
        }
      },
      status: (state) => {
        this.#state = state;
        options.status(state);
        if (state === 'rejected') {
          this.#leave();
        } else {
          this.#post({type: 'status', state});
        }
      }});
    addEventListener('pagehide', () => this.#leave());
    document.addEventListener('freeze', () => this.#leave());
    const resume = () => this.#role === 'stopped' && this.isStarted && this.start();
    addEventListener('pageshow', resume);
    document.addEventListener('resume', resume);
    setInterval(() => this.#check(), CHECK_MILLIS);
  }

  start() {
    this.isStarted = true;
    this.#join(RESPONSE_MILLIS);
  }

  // Ends the stream because the key of this tab is no longer accepted: an open stream outlives its key.
  reject() {
    if (this.#role !== 'stopped') {
      this.#leave();
      this.options.status('rejected');
    }
  }

  get isLeader() {
    return this.#role === 'leader';
  }

  #post(message) {
    if (this.#role === 'leader' || message.type === 'hello') {
      this.channel.postMessage({...message, from: this.#id});
    }
  }

  // Asks for a leader, and becomes it if none responds.
  #join(millis) {
    clearTimeout(this.#timer);
    this.#role = 'joining';
    this.#isComplete = false;
    this.#post({type: 'hello'});
    this.#timer = setTimeout(() => this.#lead(), millis);
  }

  #lead() {
    this.#role = 'leader';
    this.#leader = this.#id;
    this.#waiting.clear();
    this.feed.start();
  }

  #leave() {
    if (this.#role === 'leader') {
      this.#post({type: 'bye'});
      this.feed.stop();
    }
    clearTimeout(this.#timer);
    this.#role = 'stopped';
  }

  #check() {
    if (this.#role === 'follower' && performance.now() - this.#heardAt > SILENCE_MILLIS) {
      this.#elect();
    }
  }

  #elect() {
    this.#join(RESPONSE_MILLIS + Math.random() * ELECTION_MILLIS);
  }

  #receive(message) {
    if (this.#role === 'stopped') {
      return;
    }
    if (this.#role === 'leader') {
      this.#receiveAsLeader(message);
    } else if (message.type !== 'hello' && (message.to === undefined || message.to === this.#id)) {
      this.#receiveAsFollower(message);
    }
  }

  #receiveAsLeader({type, from}) {
    if (type === 'hello' && !this.feed.isSilent) {
      this.#sendView(from);
    } else if (type === 'hello' || (type !== 'bye' && from < this.#id)) {
      // its followers look for the other one; one that is silent lets the tab lead that asks
      this.#post({type: 'bye'});
      this.feed.stop();
      this.#join(type === 'hello' ? RESPONSE_MILLIS + 2 * ELECTION_MILLIS : RESPONSE_MILLIS);
    }
  }

  #sendView(to) {
    const complete = this.options.replay();
    const events = complete ?? [];
    let from = 0;
    // one without events while the view is not complete: there is a leader
    if (!complete) {
      this.#waiting.add(to);
    }
    do {
      this.#post({type: 'view', to, events: events.slice(from, from + BATCH), isLast: complete !== null && from + BATCH >= events.length});
      from += BATCH;
    } while (from < events.length);
    this.#post({type: 'status', state: this.#state});
  }

  #receiveAsFollower({type, from, event, events, isLast, state}) {
    if (type === 'bye') {
      if (from === this.#leader || this.#role === 'joining') {
        this.#elect();
      }
      return;
    }
    if (from === this.#leader || type === 'view') {
      this.#heardAt = performance.now();
    }
    if (type === 'view') {
      clearTimeout(this.#timer);
      this.#role = 'follower';
      this.#leader = from;
      events.forEach((one) => this.options.take(one));
      this.#isComplete ||= isLast;
    } else if (from === this.#leader && type === 'status' && this.#role === 'follower') {
      this.#state = state;
      this.options.status(state);
    } else if (from === this.#leader && type === 'event' && this.#isComplete) {
      this.feed.passed(event);
      this.options.take(event);
    }
  }
}
