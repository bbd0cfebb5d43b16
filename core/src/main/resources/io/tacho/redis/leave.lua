-- Removes a node that leaves, atomically.
-- KEYS: node hash, registry
-- ARGV: uid, seq, PUBLISH or SPUBLISH, channel, message
-- Returns 1, or 0 if a message of this uid with a higher seq is registered: then a newer life has begun.
local node, registry = KEYS[1], KEYS[2]

local registered = redis.pcall('HGET', node, 'seq')
if type(registered) == 'string' and (tonumber(registered) or 0) > tonumber(ARGV[2]) then
  return 0
end

redis.call('DEL', node)
redis.call('ZREM', registry, ARGV[1])
redis.call(ARGV[3], ARGV[4], ARGV[5])
return 1
