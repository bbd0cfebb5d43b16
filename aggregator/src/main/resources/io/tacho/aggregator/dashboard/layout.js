// Where the page shows which fields: the columns of the table and the charts.

import {bytes, count, nanos, percent, rate, seconds} from './format.js';

// The columns of the table unless others are chosen.
export const DEFAULT_COLUMNS = ['name', 'num_clients', 'num_unique_clients', 'num_channels', 'num_msg_published',
  'num_msg_sent', 'num_client_requests', 'bytes_client_in', 'bytes_client_out', 'time_client_mean', 'time_client_max',
  'memory_sys', 'cpu_usage', 'started_at'];

// Those of a node's card on a phone.
export const CARD_COLUMNS = ['num_clients', 'num_msg_sent', 'time_client_mean', 'cpu_usage'];

const messages = (value) => rate(value, 'count');
const traffic = (value) => rate(value, 'bytes');

const line = (key, label, colour) => ({key, label, colour});
// The edges of a band, and what is drawn as dots so that single values do not hide the course.
const edge = (key, label, colour, to) => ({key, label, colour, edge: true, to});
const dots = (key, label, colour) => ({key, label, colour, dots: true});
// Something that is known between bounds, key_lower and key_upper.
const bounded = (key, label, colour) => ({key, label, colour, bounded: true});

const QUANTILES = () => 'quantiles within 1 %';
const DISTINCT = (stepSeconds) => (stepSeconds ? `distinct in ${seconds(stepSeconds).replace(/ 00[sm]$/, '')}, ` : '') + '± 2 σ';

export const CLUSTER_CHARTS = [
  {title: 'Messages', perSecond: true, write: messages, lines: [
    line('num_msg_published', 'published', 1), line('num_msg_queued', 'queued', 3), line('num_msg_sent', 'sent', 2)]},
  {title: 'Bytes', perSecond: true, write: traffic, binary: true, lines: [
    line('bytes_client_in', 'in', 1), line('bytes_client_out', 'out', 2)]},
  {title: 'Clients', write: count, note: DISTINCT, lines: [
    line('num_clients', 'clients', 1), bounded('num_unique_clients', 'users', 2), bounded('num_channels', 'channels', 3)]},
  {title: 'Requests', perSecond: true, write: messages, lines: [
    line('num_client_requests', 'client', 1), line('num_api_requests', 'API', 2)]},
  {title: 'Client latency', write: nanos, logarithmic: true, note: QUANTILES, lines: [line('time_client_mean', 'mean', 1),
    edge('time_client_p50', 'p50', 2, 'time_client_p99'), edge('time_client_p99', 'p99', 2), dots('time_client_max', 'max', 4)]},
  {title: 'API latency', write: nanos, logarithmic: true, note: QUANTILES, lines: [line('time_api_mean', 'mean', 1),
    edge('time_api_p50', 'p50', 2, 'time_api_p99'), edge('time_api_p99', 'p99', 2), dots('time_api_max', 'max', 4)]},
  {title: 'Nodes', write: count, lines: [line('nodes', 'nodes', 1)]},
  {title: 'Memory', write: bytes, binary: true, lines: [line('memory_sys', 'memory', 1)]},
  {title: 'CPU', write: percent, note: () => '100 % is one core', lines: [line('cpu_usage', 'CPU', 1)]},
];

export const NODE_CHARTS = [
  {title: 'Messages', perSecond: true, write: messages, lines: [
    line('num_msg_published', 'published', 1), line('num_msg_sent', 'sent', 2)]},
  {title: 'Bytes', perSecond: true, write: traffic, binary: true, lines: [
    line('bytes_client_in', 'in', 1), line('bytes_client_out', 'out', 2)]},
  {title: 'Clients', write: count, lines: [
    line('num_clients', 'clients', 1), line('num_unique_clients', 'users', 2), line('num_channels', 'channels', 3)]},
  {title: 'Requests', perSecond: true, write: messages, lines: [
    line('num_client_requests', 'client', 1), line('num_api_requests', 'API', 2)]},
  {title: 'Client latency', write: nanos, logarithmic: true, lines: [
    line('time_client_mean', 'mean', 1), dots('time_client_max', 'max', 4)]},
  {title: 'API latency', write: nanos, logarithmic: true, lines: [
    line('time_api_mean', 'mean', 1), dots('time_api_max', 'max', 4)]},
  {title: 'Memory', write: bytes, binary: true, lines: [line('memory_sys', 'memory', 1)]},
  {title: 'CPU', write: percent, lines: [line('cpu_usage', 'CPU', 1)]},
];
