// What the page knows of the cluster: each node's last numbers and state, and all of them as one.

import {isGone} from './fields.js';

const GONE_KEPT_MILLIS = 15 * 60_000;
const GONE_KEPT = 500;
const CHANGES_KEPT = 1_000;
const SHORTEST_TIMEOUT_MILLIS = 15_000;

export class Cluster {
  nodes = new Map();
  membership = []; // changes, newest first: {at, type, uid, name}; another array after each change
  metricsInterval = 60;
  partitions = 1;
  disconnected = 0; // partitions that the aggregator does not follow
  disconnectedNodes = 0;
  staleMillis = 0;
  synced = false;
  wasReady = false; // whether the aggregator has ever received from Redis, as far as this page knows
  heardAt = 0; // of anything at all
  version = 0;
  #statusAt = 0;
  #lastStatus = {};
  #unconfirmed = null;

  // Applies an event of the feed at a time of this page's own clock.
  apply({type, data}, now) {
    this.heardAt = now;
    this.version++;
    switch (type) {
      case 'reset':
        // a node without an event before 'synced' has departed unseen
        this.#unconfirmed = new Set([...this.nodes.values()].filter((node) => !isGone(node.state)).map((node) => node.uid));
        this.#status(data, now);
        break;
      case 'synced':
        this.#evictUnconfirmed(now);
        this.synced = true;
        this.#status(data, now);
        break;
      case 'stale':
      case 'fresh':
      case 'alive':
        this.#status(data, now);
        break;
      case 'joined':
      case 'draining':
      case 'snapshot':
        this.#beat(type, data, now);
        break;
      case 'left':
      case 'lost':
      case 'restarted':
        this.#gone(type, data, now);
        break;
      default:
        // an event of a later version
    }
  }

  // The events that make another page know the same present nodes; null while some of them are still to come.
  replay() {
    if (!this.synced || this.#unconfirmed !== null) {
      return null;
    }
    const status = this.#lastStatus;
    return [{type: 'reset', data: status}, ...this.present().map(({uid, name, state, values, host, quality}) =>
      ({type: 'snapshot', data: {uid, name, state, node: values, host, quality}})), {type: 'synced', data: status}];
  }

  #status(data, now) {
    this.#lastStatus = data;
    this.metricsInterval = data.metrics_interval ?? this.metricsInterval;
    const {total = 1, disconnected = data.ready === false ? total : 0, disconnected_nodes: nodes = 0} = data.partitions ?? {};
    this.wasReady ||= data.ready === true;
    this.partitions = total;
    this.disconnected = disconnected;
    this.disconnectedNodes = nodes;
    this.staleMillis = data.stale_ms ?? 0;
    this.#statusAt = now;
  }

  // How long the view may have missed something.
  staleFor(now) {
    return this.disconnected === 0 ? 0 : this.staleMillis + (now - this.#statusAt);
  }

  #beat(type, {uid, name, state, node, host, quality}, now) {
    this.#unconfirmed?.delete(uid);
    const known = this.nodes.get(uid);
    if (!known || isGone(known.state)) {
      this.nodes.set(uid, {
        uid, name, values: node, host, quality, state, heardAt: now, gap: 0, goneAt: 0, search: `${name}\n${uid}`.toLowerCase(),
      });
    } else {
      // how often it beats, as seen from here
      known.gap = known.gap ? 0.8 * known.gap + 0.2 * (now - known.heardAt) : now - known.heardAt;
      known.values = node;
      known.host = host;
      known.quality = quality;
      known.state = state;
      known.heardAt = now;
    }
    if (type !== 'snapshot' && this.synced) {
      this.#changed(type, uid, name, now);
    }
  }

  #gone(type, {uid, name}, now) {
    this.#unconfirmed?.delete(uid);
    const known = this.nodes.get(uid);
    if (known && !isGone(known.state)) {
      known.state = type;
      known.goneAt = now;
    }
    this.#changed(type, uid, name, now);
  }

  #evictUnconfirmed(now) {
    for (const uid of this.#unconfirmed ?? []) {
      const known = this.nodes.get(uid);
      known.state = 'left';
      known.goneAt = now;
      known.unseen = true;
      this.#changed('gone', uid, known.name, now);
    }
    this.#unconfirmed = null;
  }

  #changed(type, uid, name, at) {
    this.membership = [{at, type, uid, name}, ...this.membership].slice(0, CHANGES_KEPT);
  }

  // Adds the changes that the aggregators have recorded, newest first: also those from before this page was opened, and the nodes
  // that are gone since then, with their last numbers. They have the true times: the events that follow a reconnect have that of
  // their arrival.
  load(changes, now) {
    const newest = new Set();
    const loaded = new Set(this.membership.filter(({isRecorded}) => isRecorded).map(({at, type, uid}) => `${at} ${type} ${uid}`));
    const received = Map.groupBy(this.membership.filter(({isRecorded}) => !isRecorded), ({type, uid}) => `${type} ${uid}`);
    const added = [];
    for (const {time, change, uid, name, node, host, version, labels} of changes) {
      const isNewest = !newest.has(uid);
      newest.add(uid);
      const known = this.nodes.get(uid);
      if (isNewest && node && now - time < GONE_KEPT_MILLIS && (!known || known.unseen)) {
        const goneAt = Math.min(time, now);
        this.nodes.set(uid, {
          uid, name, values: node, state: change, heardAt: goneAt, gap: 0, goneAt, host, version, labels,
        });
        this.#describe(this.nodes.get(uid));
        this.membership = this.membership.filter((own) => own.uid !== uid || own.type !== 'gone');
      } else if (isNewest && known?.state === change && isGone(change)) {
        known.goneAt = Math.min(known.goneAt, time);
      }
      if (!loaded.has(`${time} ${change} ${uid}`)) {
        const own = received.get(`${change} ${uid}`)?.shift();
        if (own) {
          Object.assign(own, {at: time, isRecorded: true});
        } else {
          added.push({at: time, type: change, uid, name, isRecorded: true});
        }
      }
    }
    this.membership = [...this.membership, ...added].sort((a, b) => b.at - a.at).slice(0, CHANGES_KEPT);
    this.version++;
  }

  // Takes what /nodes has beyond the events: host, version, address and labels.
  describe(list) {
    for (const {uid, host, version, address, labels} of list) {
      const node = this.nodes.get(uid);
      if (node) {
        Object.assign(node, {host: host ?? node.host, version, address, labels, isDescribed: true});
        this.#describe(node);
      }
    }
    this.version++;
  }

  // What the filter searches in.
  #describe(node) {
    node.search = [node.name, node.uid, node.host ?? '', ...Object.values(node.labels ?? {})].join('\n').toLowerCase();
  }

  // Whether a present node's labels and version are not known yet.
  hasUndescribed() {
    return [...this.nodes.values()].some((node) => !node.isDescribed && !isGone(node.state));
  }

  // The names of all labels, in order.
  labelNames() {
    const names = new Set();
    this.nodes.forEach((node) => Object.keys(node.labels ?? {}).forEach((name) => names.add(name)));
    return [...names].sort();
  }

  // Marks silent nodes as stale and deletes departed nodes after a while. Returns whether anything changed.
  pass(now, connected) {
    let changed = false;
    const gone = [];
    for (const node of this.nodes.values()) {
      if (isGone(node.state)) {
        gone.push(node);
      } else if (node.state !== 'draining') {
        // the aggregator evicts silent nodes unless it, or this page, is disconnected
        const timeout = Math.max(SHORTEST_TIMEOUT_MILLIS, 3 * node.gap);
        const state = (!connected || this.disconnected > 0) && now - node.heardAt > timeout ? 'stale' : 'live';
        changed ||= state !== node.state;
        node.state = state;
      }
    }
    gone.sort((a, b) => b.goneAt - a.goneAt).forEach((node, index) => {
      if (index >= GONE_KEPT || now - node.goneAt > GONE_KEPT_MILLIS) {
        this.nodes.delete(node.uid);
        changed = true;
      }
    });
    if (changed) {
      this.version++;
    }
    return changed;
  }

  // Whether there is a node, or a record of one.
  hadNodes() {
    return this.nodes.size > 0 || this.membership.length > 0;
  }

  present() {
    return [...this.nodes.values()].filter((node) => !isGone(node.state));
  }

  states() {
    const counts = {live: 0, draining: 0, stale: 0, left: 0, lost: 0, restarted: 0};
    for (const node of this.nodes.values()) {
      counts[node.state]++;
    }
    return counts;
  }
}
