// Marks in charts: nodes that joined or were lost, and versions that appeared.

import {colourOf} from './colours.js';
import {isGone} from './fields.js';

const TOGETHER_MILLIS = 2_000;
const MOST = 200;

// One mark for what happens at once: of a thousand nodes that come together one line is enough.
export function markersOf(membership, versions, from) {
  const marks = new Map(membership.filter((change) => change.at >= from && change.type !== 'draining')
      .map((change) => [Math.floor(change.at / TOGETHER_MILLIS) + change.type, change]));
  return [...[...marks.values()].slice(0, MOST), ...versions.filter(({at}) => at >= from)];
}

// When each version but the oldest appeared, by the earliest start of a node that has it: [{at, type: 'version', text}].
export function versionStarts(nodes) {
  const starts = new Map();
  for (const {version, values, state} of nodes) {
    if (version && values.started_at > 0 && !isGone(state)) {
      starts.set(version, Math.min(starts.get(version) ?? Infinity, values.started_at));
    }
  }
  return [...starts].sort(([, a], [, b]) => a - b).slice(1).map(([text, start]) => ({at: start * 1000, type: 'version', text}));
}

export function drawMarkers({ctx, bbox, valToPos}, markers) {
  if (markers.length === 0) {
    return;
  }
  const colours = {lost: colourOf('lost-mark'), version: colourOf('series-3'), other: colourOf('grid')};
  ctx.save();
  ctx.lineWidth = devicePixelRatio;
  ctx.font = `${10 * devicePixelRatio}px system-ui, sans-serif`;
  for (const {at, type, text} of markers) {
    const x = valToPos(at / 1000, 'x', true);
    if (x < bbox.left || x > bbox.left + bbox.width) {
      continue;
    }
    ctx.strokeStyle = colours[type] ?? colours.other;
    ctx.setLineDash(type === 'version' ? [] : [3 * devicePixelRatio, 3 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    if (text) {
      ctx.fillStyle = colours.version;
      ctx.fillText(text, x + 3 * devicePixelRatio, bbox.top + 9 * devicePixelRatio);
    }
  }
  ctx.restore();
}
