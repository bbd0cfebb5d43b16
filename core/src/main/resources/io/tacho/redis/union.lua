-- Puts unions of distinct ids into a window's entry, if what stands there is what they were made with.
-- KEYS: the entry, the index of windows
-- ARGV: the slot as a member of the index, ms that an entry lives which has just been made, then users and channels as they
-- are believed to stand there, users, how many nodes told of them, channels, how many nodes told of them; '' for none
-- Returns nothing if that stands there now, else what does: users, their nodes, channels, their nodes.
local FIELDS = {'users', 'users_nodes', 'channels', 'channels_nodes'}
local entry, index = KEYS[1], KEYS[2]

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

local standing = ask('HMGET', entry, unpack(FIELDS))
for i = 1, #FIELDS do
  standing[i] = standing[i] or ''
end
if standing[1] ~= ARGV[3] or standing[3] ~= ARGV[4] then
  return standing
end

local fields = {'v', '1'}
for i, field in ipairs(FIELDS) do
  if ARGV[4 + i] ~= '' then
    fields[#fields + 1] = field
    fields[#fields + 1] = ARGV[4 + i]
  end
end
redis.call('HSET', entry, unpack(fields))
if redis.call('PTTL', entry) < 0 then
  redis.call('PEXPIRE', entry, ARGV[2])
end
local time = redis.call('TIME')
ask('ZADD', index, string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000)), ARGV[1])
if redis.call('PTTL', index) < 0 then
  redis.call('PEXPIRE', index, ARGV[2])
end
return {}
