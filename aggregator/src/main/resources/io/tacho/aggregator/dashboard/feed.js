// Follows /events. By fetch and not by EventSource: that cannot send a key, and hides why it was rejected.

const SILENCE_MILLIS = 25_000; // the aggregator sends a sign of life every ten seconds
const FIRST_WAIT_MILLIS = 500;
const LONGEST_WAIT_MILLIS = 10_000;

// Cuts a text/event-stream into events, however the bytes come.
export function eventParser(take) {
  let rest = '';
  let id = null;
  let type = '';
  let data = [];

  function line(text) {
    if (text === '') {
      if (data.length > 0) {
        take({id, type: type || 'message', data: data.join('\n')});
      }
      type = '';
      data = [];
      return;
    }
    const colon = text.indexOf(':');
    if (colon === 0) {
      return;
    }
    const name = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? '' : text.slice(colon + (text[colon + 1] === ' ' ? 2 : 1));
    if (name === 'id') {
      id = value;
    } else if (name === 'event') {
      type = value;
    } else if (name === 'data') {
      data.push(value);
    }
  }

  return (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop();
    for (const one of lines) {
      line(one.endsWith('\r') ? one.slice(0, -1) : one);
    }
  };
}

export class Rejected extends Error {}

// take gets {id, type, data} with data parsed; status gets 'connecting', 'open', 'waiting' or 'rejected'.
export class Feed {
  #lastEventId = null;
  #abort = null;
  #heardAt = 0;
  #failures = 0;
  #timer = 0;
  #running = false;

  constructor({path, headers, take, status}) {
    this.path = path;
    this.headers = headers;
    this.take = take;
    this.status = status;
    // a laptop that was asleep, a phone that was in a pocket
    const wake = () => this.#wake();
    document.addEventListener('visibilitychange', wake);
    addEventListener('online', wake);
    addEventListener('pageshow', wake);
    setInterval(wake, 5_000);
  }

  start() {
    this.#running = true;
    this.#connect();
  }

  // Ends the stream; start() continues after the last event.
  stop() {
    this.#running = false;
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#abort?.abort(new Error('stopped'));
  }

  // Takes note of an event that was received in another way.
  passed({id}) {
    this.#lastEventId = id ?? this.#lastEventId;
  }

  // Whether nothing was received for so long that the connection is no longer used.
  get isSilent() {
    return this.#running && performance.now() - this.#heardAt > SILENCE_MILLIS;
  }

  // Also of a hidden page, which other tabs may follow.
  #wake() {
    if (this.#abort && this.isSilent) {
      this.#abort.abort(new Error('silence'));
    } else if (this.#running && document.visibilityState !== 'hidden' && !this.#abort && this.#timer && this.#failures > 3) {
      // do not sit out a long wait that began while the page was hidden
      this.#failures = 3;
    }
  }

  async #connect() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    const abort = new AbortController();
    this.#abort = abort;
    this.#heardAt = performance.now();
    this.status('connecting');
    try {
      await this.#read(abort.signal);
    } catch (problem) {
      if (problem instanceof Rejected) {
        this.#abort = null;
        this.#running = false;
        this.status('rejected');
        return;
      }
    }
    if (this.#abort === abort) {
      this.#abort = null;
    }
    if (!this.#running) {
      return;
    }
    this.#failures++;
    const longest = Math.min(LONGEST_WAIT_MILLIS, FIRST_WAIT_MILLIS * 2 ** Math.min(this.#failures, 6));
    this.status('waiting');
    this.#timer = setTimeout(() => this.#connect(), longest / 2 + Math.random() * longest / 2);
  }

  async #read(signal) {
    const headers = {Accept: 'text/event-stream', ...this.headers()};
    if (this.#lastEventId !== null) {
      headers['Last-Event-ID'] = this.#lastEventId;
    }
    const response = await fetch(this.path, {headers, signal, cache: 'no-store'});
    if (response.status === 401 || response.status === 403) {
      throw new Rejected();
    }
    if (!response.ok || !response.body) {
      throw new Error(`status ${response.status}`);
    }
    this.status('open');
    const parse = eventParser((event) => {
      if (event.id !== null) {
        this.#lastEventId = event.id;
      }
      this.take({...event, data: JSON.parse(event.data)});
    });
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    for (;;) {
      const {done, value} = await reader.read();
      if (done) {
        return;
      }
      this.#heardAt = performance.now();
      this.#failures = 0;
      parse(decoder.decode(value, {stream: true}));
    }
  }
}
