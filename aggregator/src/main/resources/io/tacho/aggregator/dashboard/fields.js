// The 22 fields: what the page calls them and how it treats them.
//   kind   how a value is written: text, count, bytes, nanos, start (UNIX seconds) or percent
//   merge  how the values of all nodes become one: the name of a rule in cluster.js
//   weight the field that weights a mean
//   window whether the value is of the last completed metrics window

const field = (key, label, kind, merge, about, more = {}) => ({key, label, kind, merge, about, window: false, ...more});
const counter = (key, label, kind, about) => field(key, label, kind, 'sum', about, {window: true});

export const FIELDS = [
  field('name', 'Name', 'text', 'none', 'Node name'),
  field('uid', 'Uid', 'text', 'none', 'Unique id, new at every start of the process'),
  field('num_clients', 'Clients', 'count', 'sum', 'Authorized clients connected'),
  field('num_unique_clients', 'Users', 'count', 'union', 'Distinct user ids connected'),
  field('num_channels', 'Channels', 'count', 'union', 'Channels with at least one subscriber'),
  counter('num_msg_published', 'Published', 'count', 'Messages published'),
  counter('num_msg_queued', 'Queued', 'count', 'Messages put into client queues'),
  counter('num_msg_sent', 'Sent', 'count', 'Messages sent to clients'),
  counter('num_client_requests', 'Client req', 'count', 'Client API requests'),
  counter('num_api_requests', 'API req', 'count', 'Server API requests'),
  counter('bytes_client_in', 'Bytes in', 'bytes', 'Bytes received from clients'),
  counter('bytes_client_out', 'Bytes out', 'bytes', 'Bytes sent to clients'),
  field('time_client_mean', 'Client mean', 'nanos', 'weighted_mean', 'Mean client API response time',
      {window: true, weight: 'num_client_requests'}),
  field('time_client_max', 'Client max', 'nanos', 'max', 'Longest client API response time', {window: true}),
  field('time_api_mean', 'API mean', 'nanos', 'weighted_mean', 'Mean server API response time',
      {window: true, weight: 'num_api_requests'}),
  field('time_api_max', 'API max', 'nanos', 'max', 'Longest server API response time', {window: true}),
  field('memory_sys', 'Memory', 'bytes', 'sum', 'Memory the process holds from the operating system'),
  field('cpu_usage', 'CPU', 'percent', 'sum', 'CPU used; 100 % is one core busy'),
  field('num_goroutine', 'Threads', 'count', 'sum', 'Live goroutines or threads'),
  field('gomaxprocs', 'Procs', 'count', 'sum', 'CPUs the process may use'),
  field('num_cpu', 'CPUs', 'count', 'sum_per_host', 'CPUs of the machine'),
  field('started_at', 'Up', 'start', 'range', 'Time since the start of the process'),
];

export const FIELD = new Map(FIELDS.map((one) => [one.key, one]));

export const NUMERIC = FIELDS.filter((one) => one.kind !== 'text');

// What a table shows that nobody has chosen columns for.
export const DEFAULT_COLUMNS = ['name', 'num_clients', 'num_unique_clients', 'num_channels', 'num_msg_published',
  'num_msg_sent', 'num_client_requests', 'bytes_client_in', 'bytes_client_out', 'time_client_mean', 'time_client_max',
  'memory_sys', 'cpu_usage', 'started_at'];

// States of a node, worst first: that is the order in which a table sorts them.
export const STATES = ['lost', 'stale', 'draining', 'left', 'restarted', 'live'];

export const isGone = (state) => state === 'lost' || state === 'left' || state === 'restarted';
