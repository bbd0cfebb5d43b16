// The warnings of /cluster, each with links to its nodes.

import {byId, el} from './dom.js';

const NODES = 4;

export function showWarnings(warnings, link) {
  byId('warnings').hidden = warnings.length === 0;
  const list = byId('warning-list');
  const text = JSON.stringify(warnings);
  if (list.dataset.shown === text) {
    return;
  }
  list.dataset.shown = text;
  list.replaceChildren(...warnings.map((warning) => {
    const uids = warning.uids ?? [];
    const detail = warning.nodes_by_seconds ?? warning.nodes_by_version;
    return el('li', {}, warning.message,
        detail ? ': ' + Object.entries(detail).map(([value, nodes]) => `${nodes} × ${value}`).join(', ') : '',
        ...uids.slice(0, NODES).flatMap((uid) => [' ', el('a', {href: link({node: uid}), 'data-node': uid, title: uid}, uid.slice(0, 8))]),
        uids.length > NODES ? ` and ${uids.length - NODES} more` : '');
  }));
}
