// The values of nodes as one, by the merge rules of the field catalogue.

import {FIELDS, NUMERIC} from './fields.js';

const add = (sum, value) => Math.min(Number.MAX_SAFE_INTEGER, sum + value);
const values = (nodes, {key}) => nodes.map((node) => node.values[key]);
const sum = (numbers) => numbers.reduce(add, 0);
const max = (numbers) => numbers.reduce((largest, number) => Math.max(largest, number), 0);

// The merge rules, by their names in the field catalogue. Each adds to the totals what a field of these nodes amounts to.
const RULES = {
  none() {},
  sum(total, nodes, field) {
    total[field.key] = sum(values(nodes, field));
  },
  max(total, nodes, field) {
    total[field.key] = max(values(nodes, field));
  },
  // exact where doubles are not; a node that does not have the field has no weight
  weighted_mean(total, nodes, {key, weight}) {
    let time = 0n;
    let weights = 0n;
    for (const node of nodes) {
      if (node.quality?.[key] !== 'unavailable') {
        time += BigInt(node.values[key]) * BigInt(node.values[weight]);
        weights += BigInt(node.values[weight]);
      }
    }
    total[key] = weights === 0n ? 0 : Number(time / weights);
  },
  // without sketches only bounds are known
  union(total, nodes, field) {
    const numbers = values(nodes, field);
    total[field.key] = sum(numbers);
    total[field.key + '_lower'] = max(numbers);
    total[field.key + '_upper'] = total[field.key];
    if (nodes.length > 1) {
      total.upperBounds.push(field.key);
    }
  },
  range(total, nodes, field) {
    if (nodes.length > 0) {
      const numbers = values(nodes, field);
      total[field.key + '_min'] = numbers.reduce((smallest, number) => Math.min(smallest, number));
      total[field.key + '_max'] = max(numbers);
    }
  },
  // nodes whose host is unknown count separately
  sum_per_host(total, nodes, {key}) {
    const hosts = new Map();
    nodes.forEach((node, index) => {
      const host = node.host ?? index;
      hosts.set(host, Math.max(hosts.get(host) ?? 0, node.values[key]));
    });
    total[key] = sum([...hosts.values()]);
  },
};

// The totals of nodes: {key: number, upperBounds: [key]}. Fields of later versions merge by no rule that is unknown here.
export function merge(nodes, fields = FIELDS) {
  const total = {upperBounds: []};
  for (const field of fields) {
    RULES[field.merge]?.(total, nodes, field);
  }
  return total;
}

// The totals of all nodes, with what only /cluster knows (unions, quantiles). All response times are from the same response
// of /cluster, so that they are of the same window.
export function withFacts(total, {numbers, merged, upper_bounds: upperBounds}, fields = FIELDS) {
  if (!numbers) {
    return total;
  }
  const all = {...numbers, ...total, upperBounds};
  for (const {key, merge: rule} of fields) {
    if (rule === 'union') {
      const {max: most, union} = merged[key];
      const isBound = upperBounds.includes(key);
      all[key] = numbers[key];
      all[key + '_lower'] = isBound ? Math.max(most, union?.lower ?? 0) : union?.lower ?? numbers[key];
      all[key + '_upper'] = isBound ? numbers[key] : union?.upper ?? numbers[key];
    } else if (rule === 'weighted_mean' || rule === 'max') {
      all[key] = numbers[key];
    }
  }
  return all;
}

// The largest value of each field over the nodes, for bars.
export function largest(nodes) {
  const max = {};
  for (const {key} of NUMERIC) {
    max[key] = 0;
    for (const node of nodes) {
      max[key] = Math.max(max[key], node.values[key]);
    }
  }
  return max;
}
