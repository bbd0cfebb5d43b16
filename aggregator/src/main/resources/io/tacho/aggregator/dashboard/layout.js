// Where the page shows which fields: the columns of the table and the charts.

import {bytes, count, nanos, percent, rate, seconds} from './format.js';

// The columns of the table unless others are chosen.
export const DEFAULT_COLUMNS = ['name', 'num_clients', 'num_unique_clients', 'num_channels', 'num_msg_published',
  'num_msg_sent', 'num_client_requests', 'bytes_client_in', 'bytes_client_out', 'time_client_mean', 'time_client_max',
  'memory_sys', 'cpu_usage', 'started_at'];

const messages = (value) => rate(value, 'count');
const traffic = (value) => rate(value, 'bytes');

const line = (key, label, colour) => ({key, label, colour});
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
    line('time_client_p50', 'p50', 2), line('time_client_p99', 'p99', 3), line('time_client_max', 'max', 4)]},
  {title: 'API latency', write: nanos, logarithmic: true, note: QUANTILES, lines: [line('time_api_mean', 'mean', 1),
    line('time_api_p50', 'p50', 2), line('time_api_p99', 'p99', 3), line('time_api_max', 'max', 4)]},
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
    line('time_client_mean', 'mean', 1), line('time_client_max', 'max', 4)]},
  {title: 'CPU', write: percent, lines: [line('cpu_usage', 'CPU', 1)]},
];
