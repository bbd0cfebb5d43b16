// A link that shows others the same, and the whole screen.

import {timeRange, writeAddress} from './address.js';
import {byId, setText} from './dom.js';

const NOTICE_MILLIS = 4_000;
let hiding = 0;

function notify(text) {
  const notice = byId('notice');
  notice.hidden = false;
  setText(notice, text);
  clearTimeout(hiding);
  hiding = setTimeout(() => {
    notice.hidden = true;
  }, NOTICE_MILLIS);
}

// The address with the times that are looked at now instead of "the last hour".
export function absoluteLink(state, now) {
  const {from, to} = timeRange(state, now);
  const search = writeAddress({...state, from: String(Math.floor(from / 1000)), to: String(Math.ceil(to / 1000))});
  return new URL(search, location.href).href;
}

// Copies the link; where the browser does not allow that, shows it.
export async function shareLink({state}) {
  const link = absoluteLink(state, Date.now());
  try {
    await navigator.clipboard.writeText(link);
    notify('A link with absolute times was copied.');
  } catch {
    notify(link);
  }
}

export function toggleFullScreen() {
  if (document.fullscreenElement) {
    document.exitFullscreen();
  } else {
    document.documentElement.requestFullscreen().catch(() => notify('This browser has no full screen.'));
  }
}
