-- Rolls windows of one node up into the cluster's, atomically and each of them once: only if the node knows the number of its
-- last window that was rolled up.
-- KEYS: the node's high-water mark, the index of windows, the node's last upload, the node hash, a key for use within the script,
-- then for each window the entry of its slot, and its unions of users and of channels
-- ARGV: the high-water mark as the node knows it, history_ms; names of fields, separated by spaces: numbers that are added up,
-- numbers of which the largest is stored, numbers with 64 bits that are added up; the id of the writer ('' for none), the totals of the
-- node's process after the last window ('' for none); then for each window its number, its slot as a member of the index, the
-- numbers of the first and of the second kind, 2 histograms ('' for none), the numbers with 64 bits, and the extra values: '' for none, or
-- MessagePack of an array of fields and values, alternating. The field extra:<rule>:<kind>:<name> holds the merged value; and 2
-- HyperLogLogs, of users and channels ('' for none)
-- Returns the high-water mark as it is now: the number of the last window of this node that is rolled up, 0 if there is none;
-- 1 if another writer holds the uid, so that nothing is rolled up, otherwise 0; and if the marks differ the totals of the last
-- upload, '' if they are unknown.
-- A value in an entry that is invalid is replaced, so that it cannot stop the upload.
local FIELDS = {'uploads'}
local function append(list, names)
  for name in string.gmatch(names, '%S+') do
    list[#list + 1] = name
  end
  return #list
end
local COUNTS = append(FIELDS, ARGV[3])
local MAXIMA = append(FIELDS, ARGV[4])
append(FIELDS, 'hist_api hist_client')
local SUMS = {}
append(SUMS, ARGV[5])
local HEAD, ARGUMENTS = 7, 2 + #FIELDS - 1 + #SUMS + 3
local FIRST, STEP = 6, 3
-- the extra values of an entry: what their names and histograms may have together, and what a number counts besides its name
local EXTRA_BYTES, EXTRA_OVERHEAD = 65536, 256
-- of a union; and a dense HyperLogLog without ids
local SPARSE_MERGES, NO_IDS = 32, 'HYLL' .. string.rep('\0', 12300)
local LARGEST, LAST_BUCKET = 9007199254740991, 1984
local floor, max, min = math.floor, math.max, math.min

local function text(number)
  return string.format('%.0f', number)
end

-- The number that is stored; 0 if it is invalid.
local function number(stored)
  local value = tonumber(stored)
  return value and value >= 0 and value <= LARGEST and floor(value) or 0
end

-- Runs a command; deletes its key first if that is of another type.
local function call(command, key, ...)
  local reply = redis.pcall(command, key, ...)
  if type(reply) ~= 'table' or not reply.err then
    return reply
  end
  if string.find(reply.err, 'WRONGTYPE', 1, true) then
    redis.call('DEL', key)
  end
  return redis.call(command, key, ...)
end

-- Nanoseconds and squares pass what Lua's numbers hold exactly.
local function add(key, field, amount)
  local sum = redis.pcall('HINCRBY', key, field, amount)
  if type(sum) ~= 'table' then
    return
  end
  if string.find(sum.err, 'not an integer', 1, true) or string.find(sum.err, 'overflow', 1, true) then
    redis.call('HSET', key, field, amount)
  else
    redis.call('HINCRBY', key, field, amount)
  end
end

local function keep(key, millis)
  if redis.call('PTTL', key) < millis then
    redis.call('PEXPIRE', key, millis)
  end
end

local function bucket(nanos)
  local _, exponent = math.frexp(nanos)
  local shift = max(0, exponent - 7)
  return min(64 * shift + floor(nanos / 2 ^ shift), LAST_BUCKET)
end

-- MessagePack of an array: the longest duration, the sum of all, the first bucket in use, and the counts of all buckets from
-- it to the last one in use. Fails for what is not of that form.
local function unpacked(bytes)
  local histogram = cmsgpack.unpack(bytes)
  local length = #histogram
  for i = 1, length do
    local value = histogram[i]
    if not (value >= 0 and value <= LARGEST) or value % 1 ~= 0 then
      error('no count')
    end
  end
  local last = histogram[3] + length - 4
  if histogram[4] == 0 or histogram[length] == 0 or last > LAST_BUCKET or bucket(histogram[1]) ~= last then
    error('no histogram')
  end
  return histogram
end

-- Adds the histogram that begins later to the other.
local function merge(one, other)
  if other[3] < one[3] then
    one, other = other, one
  end
  one[1] = max(one[1], other[1])
  one[2] = min(one[2] + other[2], LARGEST)
  local offset = other[3] - one[3]
  for i = #one + 1, offset + 3 do
    one[i] = 0
  end
  for i = 4, #other do
    local count = other[i]
    if count ~= 0 then
      count = count + (one[offset + i] or 0)
      one[offset + i] = count < LARGEST and count or LARGEST
    elseif not one[offset + i] then
      one[offset + i] = 0
    end
  end
  return one
end

-- The value to store; nil to keep the stored one.
local function merged(stored, given)
  local valid, new = pcall(unpacked, given)
  if not valid then
    return nil
  end
  local readable, old = pcall(unpacked, stored)
  return readable and cmsgpack.pack(merge(old, new)) or given
end

local function mergedExtra(rule, old, value)
  if rule == 'sum' then
    return text(min(number(old) + tonumber(value), LARGEST))
  elseif rule == 'max' then
    return text(max(number(old), tonumber(value)))
  elseif rule == 'histogram' then
    return merged(old, value)
  end
  return value
end

-- Those that would make the entry too large are left out, and counted.
local function addExtras(key, packed)
  local given = cmsgpack.unpack(packed)
  local names = {'extra_bytes', 'extras_left_out'}
  for i = 1, #given, 2 do
    names[#names + 1] = given[i]
  end
  local stored = redis.call('HMGET', key, unpack(names))
  local bytes, leftOut, fields = number(stored[1]), number(stored[2]), {}
  for i = 1, #given, 2 do
    local field, old = given[i], stored[(i + 5) / 2]
    local rule = string.match(field, '^extra:(%l+):')
    local new = mergedExtra(rule, old, given[i + 1])
    if new then
      local grows = rule == 'histogram' and #new - (old and #old or 0) or 0
      if not old then
        grows = grows + #field + EXTRA_OVERHEAD
      end
      if grows <= 0 or bytes + grows <= EXTRA_BYTES then
        bytes = max(0, bytes + grows)
        fields[#fields + 1] = field
        fields[#fields + 1] = new
      else
        leftOut = leftOut + 1
      end
    end
  end
  redis.call('HSET', key, 'extra_bytes', text(bytes), 'extras_left_out', text(min(leftOut, LARGEST)), unpack(fields))
end

-- Merges a HyperLogLog into the union of a window, and counts the windows of nodes in it. A union that was evicted or is invalid
-- begins anew. Redis merges into a sparse one in quadratic time, so that of many nodes becomes dense.
local function addIds(entry, field, union, given, scratch)
  local exists = redis.call('PTTL', union) ~= -2
  local count = exists and number(redis.call('HGET', entry, field)) or 0
  if exists then
    if count == SPARSE_MERGES then
      redis.call('SET', scratch, NO_IDS)
      redis.pcall('PFMERGE', union, scratch)
    end
    redis.call('SET', scratch, given)
    exists = not redis.pcall('PFMERGE', union, scratch).err
    redis.call('DEL', scratch)
  end
  if not exists then
    count = 0
    redis.call('SET', union, given)
  end
  redis.call('HSET', entry, field, text(min(count + 1, LARGEST)))
end

local mark, index, lastUpload, node, scratch = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local history, writer = tonumber(ARGV[2]), ARGV[6]
local function markOf(stored)
  return stored and #stored <= 15 and string.find(stored, '^[1-9]%d*$') and stored or nil
end
local previous = call('HMGET', lastUpload, 'number', 'writer', 'totals')
-- it is stored twice, because a Redis that evicts keys may evict it alone
local uploaded = markOf(call('GET', mark)) or markOf(previous[1]) or '0'
if writer ~= '' then
  -- without an entry the uid is still that of its last uploader
  local holder = redis.pcall('HGET', node, 'writer')
  holder = type(holder) == 'string' and holder or previous[2]
  if holder and holder ~= '' and holder ~= writer then
    return {tonumber(uploaded), 1, ''}
  end
end
if uploaded ~= ARGV[1] or #KEYS < FIRST then
  -- an upload of an earlier version does not store totals: then they are those of another window
  return {tonumber(uploaded), 0, previous[1] == uploaded and previous[3] or ''}
end

local time = redis.call('TIME')
local now = time[1] * 1000 + floor(time[2] / 1000)
local last = ARGV[#ARGV - ARGUMENTS + 1]

-- Redis rolls nothing back: each command, and each kind of key, is tried first in a form that changes nothing that counts. If the
-- user lacks a right or Redis rejects writes, this fails before anything is added
redis.call('SET', mark, uploaded, 'PX', text(2 * history))
redis.call('HSET', lastUpload, 'writer', writer)
redis.call('PEXPIRE', lastUpload, text(2 * history))
add(lastUpload, 'number', 0)
call('ZADD', index, 'XX', 0, '')
redis.call('ZREMRANGEBYSCORE', index, 1, 0)
redis.call('PTTL', index)
redis.call('PFMERGE', scratch)
redis.call('DEL', scratch)

-- it outlives everything that is rolled up by then
redis.call('SET', mark, last, 'PX', text(2 * history))
redis.call('HSET', lastUpload, 'number', last, 'totals', ARGV[7])

for window = FIRST, #KEYS, STEP do
  local key, at = KEYS[window], HEAD + (window - FIRST) / STEP * ARGUMENTS
  local member = ARGV[at + 2]
  -- so that the argument of FIELDS[i] is ARGV[at + i]
  at = at + 1
  local stored = call('HMGET', key, unpack(FIELDS))
  local fields = {'v', '1', 'uploads', text(min(number(stored[1]) + 1, LARGEST))}
  for i = 2, #FIELDS do
    local given, value = ARGV[at + i], nil
    if i <= COUNTS then
      value = text(min(number(stored[i]) + tonumber(given), LARGEST))
    elseif i <= MAXIMA then
      value = text(max(number(stored[i]), tonumber(given)))
    elseif given ~= '' then
      value = merged(stored[i], given)
    end
    if value then
      fields[#fields + 1] = FIELDS[i]
      fields[#fields + 1] = value
    end
  end
  redis.call('HSET', key, unpack(fields))
  for i, field in ipairs(SUMS) do
    add(key, field, ARGV[at + #FIELDS + i])
  end
  local extras = ARGV[at + #FIELDS + #SUMS + 1]
  if extras ~= '' then
    addExtras(key, extras)
  end
  keep(key, history)
  for i, field in ipairs({'users_windows', 'channels_windows'}) do
    local union, ids = KEYS[window + i], ARGV[at + #FIELDS + #SUMS + 1 + i]
    if ids ~= '' then
      addIds(key, field, union, ids, scratch)
      keep(union, history)
    end
  end
  call('ZADD', index, text(now), member)
end

keep(index, history)
-- members stay as long as the longest-living entry, even if this node wants a shorter history
redis.call('ZREMRANGEBYSCORE', index, '-inf', '(' .. text(now - redis.call('PTTL', index)))
return {tonumber(last), 0, ''}
