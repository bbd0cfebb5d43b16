-- Folds windows of one node into the cluster's, atomic and each of them once: only if the last one that was folded is the one
-- that the node believes to be it.
-- KEYS: the node's cursor, the index of windows, then for each window the entry of its slot
-- ARGV: the cursor as the node believes it, history_ms, then for each window its number, its slot as a member of the index,
-- 15 amounts, 4 maxima and 2 histograms, '' where there is none
-- Returns the cursor as it is now: the number of the last window of this node that is folded, 0 if there is none.
-- What stands in an entry and cannot be what it should be gives way, so that nothing stops the folding.
local SUMS = {'num_msg_published', 'num_msg_queued', 'num_msg_sent', 'num_api_requests', 'num_client_requests',
  'bytes_client_in', 'bytes_client_out', 'time_api_sum', 'time_client_sum', 'num_goroutine', 'num_clients',
  'num_unique_clients', 'num_channels', 'memory_sys', 'cpu_usage'}
local MAXIMA = {'time_api_max', 'time_client_max', 'max_unique_clients', 'max_channels'}
local HISTOGRAMS = {'hist_api', 'hist_client'}
local ARGUMENTS = 2 + #SUMS + #MAXIMA + #HISTOGRAMS
local LARGEST, LAST_BUCKET = 9007199254740991, 1984
local byte, floor, min = string.byte, math.floor, math.min

local function text(number)
  return string.format('%.0f', number)
end

-- A command whose key may be of another type: then it gives way.
local function ask(command, key, ...)
  local answer = redis.pcall(command, key, ...)
  if type(answer) ~= 'table' or not answer.err then
    return answer
  end
  if string.find(answer.err, 'WRONGTYPE', 1, true) then
    redis.call('DEL', key)
  end
  return redis.call(command, key, ...)
end

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
  local shift = math.max(0, exponent - 7)
  return min(64 * shift + floor(nanos / 2 ^ shift), LAST_BUCKET)
end

-- The form of core/README.md, "Histograms and sketches"; nil for what is not of that form, or empty.
local function decode(bytes)
  if not bytes or #bytes < 2 or byte(bytes, 1) ~= 1 then
    return nil
  end
  local at, ending = 2, #bytes + 1
  local function number()
    local value, unit = 0, 1
    for _ = 1, 8 do
      local next = byte(bytes, at)
      if not next then
        return nil
      end
      at = at + 1
      if next < 128 then
        value = value + next * unit
        return value <= LARGEST and value or nil
      end
      value = value + (next - 128) * unit
      unit = unit * 128
    end
    return nil
  end
  local indexes, counts, used, index = {}, {}, 0, -1
  local longest, sum = number(), number()
  while at < ending do
    local gap, count = number(), number()
    if not gap or not count or count == 0 then
      return nil
    end
    index = index + gap + 1
    if index > LAST_BUCKET then
      return nil
    end
    used = used + 1
    indexes[used], counts[used] = index, count
  end
  if not longest or not sum or used == 0 or bucket(longest) ~= index then
    return nil
  end
  return {longest = longest, sum = sum, indexes = indexes, counts = counts, used = used}
end

-- The bytes of both together.
local function merge(one, other)
  local out, length, previous = {1}, 1, -1
  local function put(number)
    while number > 127 do
      length = length + 1
      out[length] = number % 128 + 128
      number = floor(number / 128)
    end
    length = length + 1
    out[length] = number
  end
  put(math.max(one.longest, other.longest))
  put(min(one.sum + other.sum, LARGEST))
  local ones, others, i, j = one.indexes, other.indexes, 1, 1
  while i <= one.used or j <= other.used do
    local index, count = ones[i], 0
    if not index or (others[j] and others[j] < index) then
      index = others[j]
    end
    if ones[i] == index then
      count = one.counts[i]
      i = i + 1
    end
    if others[j] == index then
      count = min(count + other.counts[j], LARGEST)
      j = j + 1
    end
    put(index - previous - 1)
    put(count)
    previous = index
  end
  -- so many arguments at a time as Lua's stack bears
  local pieces = {}
  for from = 1, length, 2000 do
    pieces[#pieces + 1] = string.char(unpack(out, from, min(from + 1999, length)))
  end
  return table.concat(pieces)
end

-- What is to stand there now; nil if that is what stands there already.
local function merged(standing, given)
  local new = given ~= '' and decode(given)
  if not new then
    return nil
  end
  local old = decode(standing)
  return old and merge(old, new) or given
end

local cursor, index = KEYS[1], KEYS[2]
local history = tonumber(ARGV[2])
local folded = ask('GET', cursor)
if not folded or #folded > 15 or not string.find(folded, '^[1-9]%d*$') then
  folded = '0'
end
if folded ~= ARGV[1] or #KEYS < 3 then
  return tonumber(folded)
end

local time = redis.call('TIME')
local now = time[1] * 1000 + floor(time[2] / 1000)
local last = ARGV[#ARGV - ARGUMENTS + 1]

-- first: if Redis takes no writes this fails before anything has been added. It outlives whatever was folded by then
redis.call('SET', cursor, last, 'PX', text(2 * history))

for window = 3, #KEYS do
  local key, at = KEYS[window], 2 + (window - 3) * ARGUMENTS
  local standing = ask('HMGET', key, MAXIMA[1], MAXIMA[2], MAXIMA[3], MAXIMA[4], HISTOGRAMS[1], HISTOGRAMS[2])
  local member = ARGV[at + 2]
  at = at + 2
  add(key, 'folds', '1')
  for i, field in ipairs(SUMS) do
    add(key, field, ARGV[at + i])
  end
  at = at + #SUMS
  local fields = {'v', '1'}
  for i, field in ipairs(MAXIMA) do
    local old = tonumber(standing[i]) or 0
    if not (old <= LARGEST and tonumber(ARGV[at + i]) <= old) then
      fields[#fields + 1] = field
      fields[#fields + 1] = ARGV[at + i]
    end
  end
  at = at + #MAXIMA
  for i, field in ipairs(HISTOGRAMS) do
    local bytes = merged(standing[#MAXIMA + i], ARGV[at + i])
    if bytes then
      fields[#fields + 1] = field
      fields[#fields + 1] = bytes
    end
  end
  redis.call('HSET', key, unpack(fields))
  keep(key, history)
  ask('ZADD', index, text(now), member)
end

keep(index, history)
-- members stay as long as the longest-living entry, whoever else may keep less
redis.call('ZREMRANGEBYSCORE', index, '-inf', '(' .. text(now - redis.call('PTTL', index)))
return tonumber(last)
