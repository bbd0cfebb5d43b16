// Whether the page is connected, how old its numbers are, and of whom they are.

import {seconds} from './format.js';
import {byId, setAttribute, setText} from './dom.js';

function staleText({partitions, disconnected, disconnectedNodes: nodes}, age) {
  return disconnected === partitions
    ? `The aggregator cannot see Redis. This is what it knew ${age} ago.`
    : `The aggregator cannot see ${disconnected} of ${partitions} partitions of Redis. ${nodes === 1 ? 'One node is' : `${nodes} nodes are`} as ${nodes === 1 ? 'it was' : 'they were'} ${age} ago.`;
}

// The state of the connection: 'live', 'stale', 'open', 'connecting', 'waiting' or 'rejected'; shows it at the top.
export function showConnection(connection, cluster, now) {
  const element = byId('connection');
  const age = seconds((now - cluster.heardAt) / 1000);
  const stale = seconds(cluster.staleFor(now) / 1000);
  const state = connection === 'open' && cluster.synced ? (cluster.disconnected === 0 ? 'live' : 'stale') : connection;
  setAttribute(element, 'data-state', state);
  setText(element, {
    live: 'live',
    stale: cluster.disconnected === cluster.partitions
      ? (cluster.wasReady ? `live, view ${stale} old` : 'not connected to Redis')
      : `live, ${cluster.disconnected} of ${cluster.partitions} partitions ${stale} old`,
    open: 'loading',
    connecting: 'connecting',
    waiting: cluster.heardAt ? `disconnected, ${age} old` : 'disconnected',
    rejected: 'no key',
  }[state]);
  const text = state === 'waiting' && cluster.heardAt
    ? `Disconnected from the aggregator. These numbers are ${age} old; trying again.`
    : state === 'waiting' ? 'The aggregator does not respond; trying again.'
    : state === 'stale' && cluster.wasReady ? staleText(cluster, stale) : '';
  byId('trouble').hidden = text === '';
  setText(byId('trouble'), text);
  return state;
}

// The part of the verdict about the connection; null while it is fine.
export function disconnection(state, cluster) {
  switch (state) {
    case 'waiting':
      return {level: 'bad', text: 'disconnected from the aggregator'};
    case 'stale':
      return {level: 'bad', text: cluster.disconnected === cluster.partitions ? 'Redis unreachable' : 'a part of Redis unreachable'};
    default:
      return null;
  }
}

// 'connected', or the worst state with its share.
function redisState(partitions) {
  const bad = partitions.filter(({state}) => state !== 'connected');
  const words = (bad[0]?.state ?? 'connected').replaceAll('_', ' ');
  return bad.length === 0 || bad.length === partitions.length ? words : `${bad.length} of ${partitions.length} partitions ${words}`;
}

// The cluster's name at the top, the aggregator's at the bottom.
export function showIdentity(identity) {
  const {cluster = '', aggregator, version, redis} = identity ?? {};
  setText(byId('cluster-name'), cluster);
  const parts = [aggregator && `aggregator ${aggregator}`, version && `Tacho ${version}`,
    redis && `Redis ${redis.address}, ${redisState(redis.partitions)}`];
  setText(byId('identity'), parts.filter(Boolean).join(' · '));
}
