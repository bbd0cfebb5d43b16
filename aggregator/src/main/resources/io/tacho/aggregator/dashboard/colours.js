// Colors of the style sheet for whatever paints them.

import {el} from './dom.js';

// A custom property is text until something is painted with it.
export function colourOf(name) {
  const probe = el('span', {class: 'probe', 'data-colour': name});
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

export const faint = (colour, alpha = 0.08) => colour.replace(/^rgb\((.*)\)$/, `rgba($1, ${alpha})`);
