-- Appends membership changes to the log, each once, and returns what is new in it.
-- KEYS: log (list, newest first), last change of each uid in the log (hash)
-- ARGV: position that the caller knows ('' for none), ttl_ms, maximum number of changes, ms within which two departures without
-- a join in between are the same, then per change: event, uid, seq, age in ms, JSON
-- An element of the log is '<number>-<microseconds> <time in ms> <uid> <JSON>'. Numbers are consecutive; number and microseconds
-- of the newest element are the position. A field of the hash is '<event> <seq> <time in ms> <number>'.
-- Returns position, complete (0 or 1), then elements, newest first: those after the known position, or all there are.
local log, last = KEYS[1], KEYS[2]
local known, ttl, maximum, same = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
-- the inaccuracy in ms of the times at which aggregators observe changes
local INACCURACY = 1000
local DEPARTURES = {left = true, lost = true, restarted = true}

local function integer(number)
  return string.format('%.0f', number)
end

local function isNew(event, uid, seq, at)
  local before = call('HGET', last, uid)
  local state, lastSeq, lastTime = string.match(before or '', '^(%l+) (%d+) (%d+) ')
  if not state then
    return true
  end
  lastSeq, lastTime = tonumber(lastSeq), tonumber(lastTime)
  if event == 'joined' then
    -- the clock of an agent that is restarted may have been set back; the entry of a replaced node may still exist
    return DEPARTURES[state] and (seq > lastSeq or (state ~= 'restarted' and at - lastTime > INACCURACY))
  elseif event == 'draining' and not DEPARTURES[state] then
    -- the join that an aggregator reads late has a later seq
    return state == 'joined' and at - lastTime >= -INACCURACY
  elseif DEPARTURES[state] then
    return seq > lastSeq and at - lastTime > same
  end
  return seq >= lastSeq and at - lastTime >= -INACCURACY
end

-- Returns an error if the user lacks a right: Redis rolls nothing back, so it is checked before anything is written. Redis 6.2 has
-- no such check.
local function denied()
  local commands = {LPUSH = log, RPOP = log, LLEN = log, LRANGE = log, PEXPIRE = log, HSET = last, HGET = last, HDEL = last}
  for command, key in pairs(redis.acl_check_cmd and commands or {}) do
    if not redis.acl_check_cmd(command, key, '1', '1') then
      return {err = 'NOPERM No permissions to run a command of the script (' .. string.lower(command) .. ')'}
    end
  end
  return nil
end

local missing = #ARGV > 4 and denied()
if missing then
  return missing
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local newest = call('LINDEX', log, 0)
local position = string.match(newest or '', '^%d+%-%d+') or '0-0'
local number = tonumber(string.match(position, '^%d+'))

for i = 5, #ARGV, 5 do
  local event, uid, seq, at = ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 2]), now - tonumber(ARGV[i + 3])
  if isNew(event, uid, seq, at) then
    number = number + 1
    position = integer(number) .. '-' .. time[1] .. string.format('%06d', time[2])
    redis.call('LPUSH', log, position .. ' ' .. integer(at) .. ' ' .. uid .. ' ' .. ARGV[i + 4])
    redis.call('HSET', last, uid, event .. ' ' .. ARGV[i + 2] .. ' ' .. integer(at) .. ' ' .. integer(number))
    while redis.call('LLEN', log) > maximum do
      local oldNumber, oldUid = string.match(redis.call('RPOP', log), '^(%d+)%-%d+ %d+ (%S+) ')
      if oldUid and string.match(redis.call('HGET', last, oldUid) or '', '(%d+)$') == oldNumber then
        redis.call('HDEL', last, oldUid)
      end
    end
    redis.call('PEXPIRE', log, ttl)
    redis.call('PEXPIRE', last, ttl)
  end
end

if known == position then
  return {position, '0'}
end
local index = number - (tonumber(string.match(known, '^%d+')) or -1)
local element = known ~= '' and index > 0 and redis.call('LINDEX', log, index) or ''
if string.sub(element, 1, #known + 1) == known .. ' ' then
  return {position, '0', unpack(redis.call('LRANGE', log, 0, index - 1))}
end
return {position, '1', unpack(redis.call('LRANGE', log, 0, -1))}
