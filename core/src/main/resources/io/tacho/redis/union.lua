-- Puts unions of distinct ids into a window's entry, if the stored unions are those they were computed from.
-- KEYS: the entry, the index of windows
-- ARGV: the slot as a member of the index, ms that an entry lives which has just been made, then users and channels as
-- they are expected to be stored, users, their number of nodes, channels, their number of nodes; '' for none
-- Returns nothing if they are stored now, otherwise the stored values: users, their nodes, channels, their nodes.
local FIELDS = {'users', 'users_nodes', 'channels', 'channels_nodes'}
local entry, index = KEYS[1], KEYS[2]

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

local stored = call('HMGET', entry, unpack(FIELDS))
for i = 1, #FIELDS do
  stored[i] = stored[i] or ''
end
if stored[1] ~= ARGV[3] or stored[3] ~= ARGV[4] then
  return stored
end

local fields = {'v', '1'}
for i, field in ipairs(FIELDS) do
  if ARGV[4 + i] ~= '' then
    fields[#fields + 1] = field
    fields[#fields + 1] = ARGV[4 + i]
  end
end
-- Redis rolls nothing back: without a right nothing is written. Redis 6.2 has no such check
for command, key in pairs(redis.acl_check_cmd and {HSET = entry, PTTL = index, PEXPIRE = index, ZADD = index} or {}) do
  if not redis.acl_check_cmd(command, key, '1', '1') then
    return {err = 'NOPERM No permissions to run a command of the script (' .. string.lower(command) .. ')'}
  end
end
redis.call('HSET', entry, unpack(fields))
if redis.call('PTTL', entry) < 0 then
  redis.call('PEXPIRE', entry, ARGV[2])
end
local time = redis.call('TIME')
call('ZADD', index, string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000)), ARGV[1])
if redis.call('PTTL', index) < 0 then
  redis.call('PEXPIRE', index, ARGV[2])
end
return {}
