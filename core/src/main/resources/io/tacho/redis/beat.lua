-- One heartbeat: the whole registration of a node, atomic and idempotent.
-- KEYS: node hash, registry
-- ARGV: uid, seq, ttl_ms, PUBLISH or SPUBLISH, channel, message, then field, value, field, value, …
-- Returns 1, or 0 if a message of this uid with this or a higher seq is registered already.
local node, registry = KEYS[1], KEYS[2]
local uid, seq, ttl = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])

local registered = redis.pcall('HGET', node, 'seq')
if type(registered) == 'string' and (tonumber(registered) or 0) >= seq then
  return 0
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

redis.call('DEL', node)
redis.call('HSET', node, unpack(ARGV, 7))
redis.call('PEXPIRE', node, ttl)

redis.call('ZREMRANGEBYSCORE', registry, '-inf', string.format('(%.0f', now))
redis.call('ZADD', registry, string.format('%.0f', now + ttl), uid)
if redis.call('PTTL', registry) < ttl then
  redis.call('PEXPIRE', registry, ttl)
end

redis.call(ARGV[4], ARGV[5], ARGV[6])
return 1
