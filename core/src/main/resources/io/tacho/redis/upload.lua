-- Adds windows of one node to those of the cluster, atomically and each of them once: only if the node knows the number of its
-- last window that was added. They are not merged here, but by compact.lua.
-- KEYS: the node's high-water mark, the index of windows, the node's last upload, the node hash, then for each window the entry of
-- its slot, and the ids of users and of channels that other programs have added to it
-- ARGV: the high-water mark as the node knows it, history_ms, the uid, the id of the writer ('' for none), the totals of the
-- node's process after the last window ('' for none); then for each window its number, its slot as a member of the index, and its
-- values. They become the field <n>:<uid>:<number>, where n counts the windows that the entry has received
-- Returns the high-water mark as it is now: the number of the last window of this node that was added, 0 if there is none;
-- 1 if another writer holds the uid, so that nothing is added, otherwise 0; if the marks differ the totals of the last
-- upload, '' if they are unknown; then for each window 1 if its entry should be merged now, 2 if it is the first of its entry,
-- otherwise 0
local FIRST, STEP = 5, 3
-- windows that an entry receives until it is merged, and the ms after which the agent that does this is considered dead
local MERGED_EVERY, MERGE_TIMEOUT = 32, 1000
local LARGEST = 9007199254740991

local function text(number)
  return string.format('%.0f', number)
end

-- The number that is stored; 0 if it is invalid.
local function number(stored)
  local value = tonumber(stored)
  return value and value >= 0 and value < LARGEST and math.floor(value) or 0
end

local function markOf(stored)
  return stored and #stored <= 15 and string.find(stored, '^[1-9]%d*$') and stored or nil
end

local mark, index, lastUpload, node = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local history, uid, writer = tonumber(ARGV[2]), ARGV[3], ARGV[4]
local previous, stored = {}, redis.pcall('HGETALL', lastUpload)
if stored.err then
  -- the line of an error names a missing right, which that of call does not
  if string.find(stored.err, 'WRONGTYPE', 1, true) then
    redis.call('DEL', lastUpload)
  end
  stored = redis.call('HGETALL', lastUpload)
end
for i = 1, #stored, 2 do
  previous[stored[i]] = stored[i + 1]
end
-- it is stored twice, because a Redis that evicts keys may evict it alone
local uploaded = markOf(call('GET', mark)) or markOf(previous.number) or '0'
if writer ~= '' then
  -- without an entry the uid is still that of its last uploader
  local holder = redis.pcall('HGET', node, 'writer')
  holder = type(holder) == 'string' and holder or previous.writer
  if holder and holder ~= '' and holder ~= writer then
    return {tonumber(uploaded), 1, ''}
  end
end
if uploaded ~= ARGV[1] or #KEYS < FIRST then
  -- an upload of an earlier version does not store totals: then they are those of another window
  return {tonumber(uploaded), 0, previous.number == uploaded and previous.totals or ''}
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local last, life = ARGV[#ARGV - 2], text(2 * history)

-- Redis rolls nothing back: each command, and each kind of key, is used first for what does not count. If the user lacks a right,
-- also one to merge, or Redis rejects writes, this fails before anything is added
redis.call('HSET', lastUpload, 'writer', writer)
redis.call('PEXPIRE', lastUpload, life)
redis.call('HDEL', lastUpload, '')
redis.call('HKEYS', lastUpload)
for at = FIRST, #KEYS, STEP do
  call('HMGET', KEYS[at], '')
  call('ZADD', index, text(now), ARGV[at + 2])
end
-- members stay as long as the longest-living entry, even if this node wants a shorter history
local indexLife = redis.call('PTTL', index)
if indexLife < history then
  indexLife = history
  redis.call('PEXPIRE', index, ARGV[2])
end
redis.call('ZREMRANGEBYSCORE', index, '-inf', '(' .. text(now - indexLife))

-- it outlives everything that is added by then
redis.call('SET', mark, last, 'PX', life)
redis.call('HSET', lastUpload, 'number', last, 'totals', ARGV[5])

local reply = {tonumber(last), 0, ''}
for at = FIRST, #KEYS, STEP do
  local key = KEYS[at]
  stored = redis.call('HMGET', key, 'windows', 'merged', 'merging')
  local count, merged = number(stored[1]) + 1, number(stored[2])
  local field = text(count) .. ':' .. uid .. ':' .. ARGV[at + 1]
  if math.abs(count - merged) >= MERGED_EVERY and math.abs(now - number(stored[3])) >= MERGE_TIMEOUT then
    reply[#reply + 1] = 1
    redis.call('HSET', key, 'windows', text(count), field, ARGV[at + 3], 'merged', text(count), 'merging', text(now))
  else
    reply[#reply + 1] = count == 1 and 2 or 0
    redis.call('HSET', key, 'windows', text(count), field, ARGV[at + 3])
  end
  if redis.call('PTTL', key) < history then
    redis.call('PEXPIRE', key, ARGV[2])
  end
  for ids = at + 1, at + 2 do
    if redis.call('PTTL', KEYS[ids]) == -1 then
      redis.call('PEXPIRE', KEYS[ids], ARGV[2])
    end
  end
end
return reply
