// What the page shows as files: CSV of the table and of charts, PNG of charts.

import {colourOf} from './colours.js';
import {el} from './dom.js';
import {valueOf} from './fields.js';

const PNG_HEAD = 46;
const FORMULA = /^[=+\-@\t\r]/;

// A cell as RFC 4180 has it; text that a spreadsheet would evaluate begins with an apostrophe.
function cell(value) {
  if (value === null || value === undefined) {
    return '';
  }
  const text = typeof value === 'string' && FORMULA.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) || text !== String(value) ? `"${text.replaceAll('"', '""')}"` : text;
}

export const csv = (rows) => rows.map((row) => row.map(cell).join(',') + '\r\n').join('');

// The nodes of the table, in its order, with exact values.
export const nodesCsv = (nodes, columns) =>
  csv([['state', ...columns], ...nodes.map((node) => [node.state, ...columns.map((key) => valueOf(node, key))])]);

// The lines of a chart: {times, columns: [{label, values}]}.
export const chartCsv = ({times, columns}) => csv([['time', ...columns.map(({label}) => label)],
  ...times.map((time, index) => [new Date(time).toISOString(), ...columns.map(({values}) => values[index])])]);

function download(name, blob) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

const fileName = (name, ending) =>
  `tacho-${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.${ending}`;

export const saveCsv = (name, text) => download(fileName(name, 'csv'), new Blob([text], {type: 'text/csv'}));

// The buttons of a chart.
export const chartActions = (chart) => [
  ['CSV', 'Save these numbers', () => saveCsv(chart.contents().title, chartCsv(chart.contents()))],
  ['PNG', 'Save this picture', () => savePng(chart.contents().title, chart.legend(), chart.plotCanvas)],
  ['⛶', 'Full screen', () => (document.fullscreenElement ? document.exitFullscreen() : chart.figure.requestFullscreen())],
].map(([text, title, onclick]) => el('button', {type: 'button', class: 'action', title, 'aria-label': `${title}: ${chart.definition.title}`, onclick}, text));

// A chart with its title and legend on the ground of the page.
export function savePng(title, legend, canvas) {
  const ratio = devicePixelRatio;
  const picture = document.createElement('canvas');
  picture.width = canvas.width;
  picture.height = canvas.height + PNG_HEAD * ratio;
  const context = picture.getContext('2d');
  context.fillStyle = colourOf('paper');
  context.fillRect(0, 0, picture.width, picture.height);
  context.fillStyle = colourOf('ink');
  context.font = `600 ${13 * ratio}px system-ui, sans-serif`;
  context.fillText(title, 10 * ratio, 18 * ratio);
  context.font = `${11 * ratio}px system-ui, sans-serif`;
  let x = 10 * ratio;
  for (const {text, colour} of legend) {
    context.fillStyle = colourOf(colour);
    context.fillText(text, x, 36 * ratio);
    x += context.measureText(text).width + 14 * ratio;
  }
  context.drawImage(canvas, 0, PNG_HEAD * ratio);
  picture.toBlob((blob) => download(fileName(title, 'png'), blob));
}
