-- The leave of a node, atomic.
-- KEYS: node hash, registry
-- ARGV: uid, seq, PUBLISH or SPUBLISH, channel, message, id of the writer ('' for none)
-- Returns 1, or 0 if a message of this uid with a higher seq is registered: then the node has started again; or if another
-- writer holds the uid.
local node, registry = KEYS[1], KEYS[2]
local seq, writer = tonumber(ARGV[2]), ARGV[6]
-- as in beat.lua
local AHEAD = 60000

local registered = redis.pcall('HGET', node, 'seq')
if type(registered) == 'table' and registered.err and not string.find(registered.err, 'WRONGTYPE', 1, true) then
  return redis.error_reply(registered.err .. ' (hget)')
end
if type(registered) == 'string' and writer ~= '' then
  local holder = redis.call('HGET', node, 'writer')
  if holder and holder ~= writer then
    return 0
  end
end
if type(registered) == 'string' and (tonumber(registered) or 0) > seq then
  local time = redis.call('TIME')
  local latest = time[1] * 1000 + math.floor(time[2] / 1000) + AHEAD
  if tonumber(registered) <= latest or seq > latest then
    return 0
  end
end

-- Redis rolls nothing back: this is the only one of the three that must not be missing
redis.call(ARGV[3], ARGV[4], ARGV[5])
redis.call('DEL', node)
local removed = redis.pcall('ZREM', registry, ARGV[1])
if type(removed) == 'table' and not string.find(removed.err, 'WRONGTYPE', 1, true) then
  return redis.error_reply(removed.err .. ' (zrem)')
end
return 1
