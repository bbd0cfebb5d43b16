// Numbers as people read them. Every function takes the exact value and gives text; the exact value stays in the hover.

const DASH = '–';
const grouping = new Intl.NumberFormat('en-US', {maximumFractionDigits: 0});

// Three significant digits, but never fewer than the integer has.
function digits(value) {
  const size = Math.abs(value);
  return value.toFixed(size >= 99.95 || value === 0 ? 0 : size >= 9.995 ? 1 : 2);
}

function scaled(value, units, step) {
  let index = 0;
  let rest = value;
  // what would be rounded up to a whole step is written in the next unit
  while (index < units.length - 1 && Number(digits(rest)) >= step) {
    rest /= step;
    index++;
  }
  return {text: digits(rest), unit: units[index]};
}

const isNumber = (value) => typeof value === 'number' && Number.isFinite(value);

// A number that is exact to the last digit, as the number of nodes is.
export const whole = (value) => (isNumber(value) ? grouping.format(value) : DASH);

// How long ago that was, in its largest unit: 40 s ago, 3 min ago.
export function ago(millis) {
  const total = Math.max(0, Math.floor(millis / 1000));
  const [size, unit] = total < 60 ? [1, 's'] : total < 3_600 ? [60, 'min'] : total < 86_400 ? [3_600, 'h'] : [86_400, 'd'];
  return `${Math.floor(total / size)} ${unit} ago`;
}

// 9,999 is written out; more is shortened: 12.3 k, 4.56 M.
export function count(value) {
  if (!isNumber(value)) {
    return DASH;
  }
  if (Math.abs(value) < 10_000) {
    return Number.isInteger(value) ? grouping.format(value) : digits(value);
  }
  const {text, unit} = scaled(value, ['', ' k', ' M', ' G', ' T', ' P'], 1000);
  return text + unit;
}

export function bytes(value) {
  if (!isNumber(value)) {
    return DASH;
  }
  if (value < 1000) {
    return (Number.isInteger(value) ? value : digits(value)) + ' B';
  }
  const {text, unit} = scaled(value, ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'], 1024);
  return text + ' ' + unit;
}

export function nanos(value) {
  if (!isNumber(value)) {
    return DASH;
  }
  if (value === 0) {
    return '0';
  }
  if (value < 60e9) {
    const {text, unit} = scaled(value, ['ns', 'µs', 'ms', 's'], 1000);
    return text + ' ' + unit;
  }
  return seconds(value / 1e9);
}

export function percent(value) {
  return isNumber(value) ? grouping.format(value) + ' %' : DASH;
}

// A span of time in its two largest units: 3d 4h, 5m 02s, 7s.
export function seconds(value) {
  if (!isNumber(value)) {
    return DASH;
  }
  const total = Math.max(0, Math.floor(value));
  if (total < 60) {
    return total + 's';
  }
  const two = (number) => String(number).padStart(2, '0');
  const minutes = Math.floor(total / 60);
  if (minutes < 60) {
    return `${minutes}m ${two(total % 60)}s`;
  }
  const hours = Math.floor(minutes / 60);
  if (hours < 24) {
    return `${hours}h ${two(minutes % 60)}m`;
  }
  return `${Math.floor(hours / 24)}d ${two(hours % 24)}h`;
}

export function rate(value, kind) {
  return (kind === 'bytes' ? bytes(value) : count(value < 100 ? Math.round(value * 100) / 100 : Math.round(value))) + '/s';
}

const MAX_SECONDS = 8.64e12;

// By a field's kind; nowSeconds is what ages are counted from.
export function formatValue(value, kind, nowSeconds) {
  switch (kind) {
    case 'bytes': return bytes(value);
    case 'nanos': return nanos(value);
    case 'percent': return percent(value);
    case 'start': return value > 0 ? seconds(nowSeconds - value) : DASH;
    case 'text': return String(value ?? '');
    default: return count(value);
  }
}

// The exact value, with its unit.
export function exact(value, kind) {
  if (kind === 'text') {
    return String(value ?? '');
  }
  if (!isNumber(value)) {
    return '';
  }
  switch (kind) {
    case 'bytes': return `${grouping.format(value)} bytes`;
    case 'nanos': return `${grouping.format(value)} ns`;
    case 'percent': return `${value} % (100 is one core)`;
    // a node may report any number; a date has a limit
    case 'start': return value > 0 && value <= MAX_SECONDS ? `${value}: ${new Date(value * 1000).toISOString()}` : String(value);
    default: return grouping.format(value);
  }
}

// A tick of an axis that is so long: seconds for a few minutes, the day for several days.
export function timeOfAxis(millis, length) {
  const date = new Date(millis);
  const day = `${date.getMonth() + 1}/${date.getDate()}`;
  return length > 1_728_000_000 ? day : length > 172_800_000 ? `${day} ${clock(millis).slice(0, 5)}` : clock(millis).slice(0, length < 600_000 ? 8 : 5);
}

// A point in time as local time of day, with the day if that may be another one.
export function timestamp(millis, now) {
  return now - millis > 43_200_000 ? `${dayOf(millis)}, ${clock(millis).slice(0, 5)}` : clock(millis);
}

// The day of a point in time, in a time zone or the local one.
export function dayOf(millis, timeZone) {
  const options = {month: 'short', day: 'numeric'};
  try {
    return new Date(millis).toLocaleDateString('en-US', {...options, timeZone});
  } catch {
    return new Date(millis).toLocaleDateString('en-US', options); // this browser does not know the zone
  }
}

// A point in time as local time of day.
export function clock(millis) {
  const date = new Date(millis);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}
