-- Folds windows of one node into the cluster's, atomic and each of them once: only if the last one that was folded is the one
-- that the node believes to be it.
-- KEYS: the node's cursor, the index of windows, then for each window the entry of its slot
-- ARGV: the cursor as the node believes it, history_ms, then for each window its number, its slot as a member of the index,
-- 13 counts, 2 sums of nanoseconds, 4 maxima and 2 histograms, '' where there is none
-- Returns the cursor as it is now: the number of the last window of this node that is folded, 0 if there is none.
-- What stands in an entry and cannot be what it should be gives way, so that nothing stops the folding.
local FIELDS = {'folds', 'num_msg_published', 'num_msg_queued', 'num_msg_sent', 'num_api_requests', 'num_client_requests',
  'bytes_client_in', 'bytes_client_out', 'num_goroutine', 'num_clients', 'num_unique_clients', 'num_channels',
  'memory_sys', 'cpu_usage', 'time_api_max', 'time_client_max', 'max_unique_clients', 'max_channels', 'hist_api',
  'hist_client'}
local COUNTS, MAXIMA = 14, 18
local SUMS = {'time_api_sum', 'time_client_sum'}
local ARGUMENTS = 2 + #FIELDS - 1 + #SUMS
local LARGEST, LAST_BUCKET = 9007199254740991, 1984
local floor, max, min = math.floor, math.max, math.min

local function text(number)
  return string.format('%.0f', number)
end

-- What stands in an entry, 0 for what is no number.
local function number(standing)
  local value = tonumber(standing)
  return value and value >= 0 and value <= LARGEST and floor(value) or 0
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

-- Nanoseconds pass what Lua's numbers hold exactly.
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

-- The one of both that begins first takes the other up.
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

-- What is to stand there now; nil if that is what stands there already.
local function merged(standing, given)
  local sound, new = pcall(unpacked, given)
  if not sound then
    return nil
  end
  local readable, old = pcall(unpacked, standing)
  return readable and cmsgpack.pack(merge(old, new)) or given
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
  local member = ARGV[at + 2]
  -- so that the counts' arguments stand at the places of their fields
  at = at + 1
  local standing = ask('HMGET', key, unpack(FIELDS))
  local fields = {'v', '1', 'folds', text(min(number(standing[1]) + 1, LARGEST))}
  for i = 2, #FIELDS do
    local given, value = ARGV[at + i], nil
    if i <= COUNTS then
      value = text(min(number(standing[i]) + tonumber(given), LARGEST))
    elseif i <= MAXIMA then
      value = text(max(number(standing[i]), tonumber(given)))
    elseif given ~= '' then
      value = merged(standing[i], given)
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
  keep(key, history)
  ask('ZADD', index, text(now), member)
end

keep(index, history)
-- members stay as long as the longest-living entry, whoever else may keep less
redis.call('ZREMRANGEBYSCORE', index, '-inf', '(' .. text(now - redis.call('PTTL', index)))
return tonumber(last)
