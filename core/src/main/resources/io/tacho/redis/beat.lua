-- One heartbeat: the whole registration of a node, atomic and idempotent.
-- KEYS: node hash, registry
-- ARGV: uid, seq, ttl_ms, PUBLISH or SPUBLISH, channel, message, then field, value, field, value, …
-- Returns 1, or 0 if a message of this uid with this or a higher seq is registered already.
local node, registry = KEYS[1], KEYS[2]
local uid, seq, ttl = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
-- a seq is a time in ms: one further ahead of Redis' clock is invalid and is replaced by a valid one
local AHEAD = 60000
-- the largest TTL of a node: the registry outlives every member, also those of other writers, whatever its TTL was (-1: none)
local DAY = 86400000

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local registered = redis.pcall('HGET', node, 'seq')
if type(registered) == 'table' and registered.err and not string.find(registered.err, 'WRONGTYPE', 1, true) then
  return redis.error_reply(registered.err .. ' (hget)')
end
if type(registered) == 'string' then
  local last = tonumber(registered) or 0
  if last >= seq and (last <= now + AHEAD or seq > now + AHEAD) then
    return 0
  end
end

redis.call('DEL', node)
redis.call('HSET', node, unpack(ARGV, 7))
redis.call('PEXPIRE', node, ttl)

redis.call('ZREMRANGEBYSCORE', registry, '-inf', string.format('(%.0f', now))
redis.call('ZADD', registry, string.format('%.0f', now + ttl), uid)
if redis.call('PTTL', registry) < DAY then
  redis.call('PEXPIRE', registry, 2 * DAY)
end

redis.call(ARGV[4], ARGV[5], ARGV[6])
return 1
