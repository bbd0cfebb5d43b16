-- One heartbeat: the whole registration of a node, atomic and idempotent.
-- KEYS: node hash, registry
-- ARGV: uid, seq, ttl_ms, PUBLISH or SPUBLISH, channel, message, id and host of the writer ('' for none), key of the
-- node's command, id of the acknowledged command ('' for none), then field, value, field, value, …
-- Returns 1 and the time in ms, then, as far as there are any, the node's command, why it cannot be read, and why the message
-- was not published ('' for none); or 0, the time and the registered seq, if a message of this uid with this or a higher seq is
-- registered already; or 2, the time, the registered seq, and of the writer that holds the uid the id, the host, and for how
-- many ms it has been silent. The first writer holds it, until it has left or been silent for more than two publish intervals.
local node, registry = KEYS[1], KEYS[2]
local uid, seq, ttl, writer = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[7]
-- a seq is a time in ms: one further ahead of Redis' clock is invalid and is replaced by a valid one
local AHEAD = 60000
-- the largest TTL of a node: the registry outlives every member, also those of other writers
local DAY = 86400000
local HELD_INTERVALS = 2

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function stored(field)
  return redis.call('HGET', node, field) or ''
end

-- The id of another writer that holds the uid and for how many ms it has been silent; nil if there is none.
local function holder()
  local id = writer == '' and '' or stored('writer')
  if id == '' or id == writer then
    return nil
  end
  local lives = redis.call('PTTL', node)
  local ttl, interval = tonumber(stored('ttl_ms')), tonumber(stored('publish_interval_ms'))
  -- an entry without valid numbers is not an agent's and holds nothing
  if lives > 0 and ttl and interval and interval <= DAY and ttl >= lives and ttl - lives <= HELD_INTERVALS * interval then
    return string.sub(id, 1, 64), ttl - lives
  end
  return nil
end

local registered = redis.pcall('HGET', node, 'seq')
if type(registered) == 'table' and registered.err and not string.find(registered.err, 'WRONGTYPE', 1, true) then
  return redis.error_reply(registered.err .. ' (hget)')
end
if type(registered) == 'string' then
  local last = tonumber(registered) or 0
  local id, silent = holder()
  if id then
    local host = string.sub(stored('host'), 1, 255)
    local digits = string.match(registered, '^%d+$') and #registered < 17 and registered or '0'
    local conflict = '{"v":1,"type":"conflict","seq":' .. digits .. (host ~= '' and ',"host":' .. cjson.encode(host) or '')
      .. ',"writer":' .. cjson.encode(id) .. ',"rejected_writer":' .. cjson.encode(writer)
      .. (ARGV[8] ~= '' and ',"rejected_host":' .. cjson.encode(ARGV[8]) or '')
      .. ',"node":{"uid":' .. cjson.encode(uid) .. '}}'
    redis.pcall(ARGV[4], ARGV[5], conflict)
    return {2, now, registered, id, host, silent}
  end
  if last >= seq and (last <= now + AHEAD or seq > now + AHEAD) then
    return {0, now, registered}
  end
end

-- Redis rolls nothing back: what the user may have no right to is tried first, in a form that changes nothing. No uid ends with a
-- blank
local present = type(registered) == 'string'
redis.call('DEL', present and node .. ' ' or node)
redis.call('PEXPIRE', node .. ' ', ttl)
redis.call('HSET', node, 'uid', uid)
if not present then
  redis.call('DEL', node)
end

local swept = redis.pcall('ZREMRANGEBYSCORE', registry, '-inf', string.format('(%.0f', now))
if type(swept) == 'table' and string.find(swept.err, 'WRONGTYPE', 1, true) then
  redis.call('DEL', registry)
end
if type(swept) == 'table' then
  redis.call('ZREMRANGEBYSCORE', registry, '-inf', string.format('(%.0f', now))
end
redis.call('ZADD', registry, string.format('%.0f', now + ttl), uid)
redis.call('PEXPIRE', registry, 2 * DAY)

redis.call('DEL', node)
redis.call('HSET', node, unpack(ARGV, 11))
redis.call('PEXPIRE', node, ttl)

-- the entry is the truth and the message a hint: without the right to publish, readers find the entry when they sweep
local published = redis.pcall(ARGV[4], ARGV[5], ARGV[6])
local unpublished = type(published) == 'table' and published.err or ''

-- users of earlier versions have no right to commands: their beats count without
local command = redis.pcall('GET', ARGV[9])
local unread = type(command) == 'table' and command.err and command.err .. ' (get)' or ''
if type(command) ~= 'string' or #command > 80 then
  command = ''
end
if command ~= '' and command == 'drain ' .. ARGV[10] then
  -- an acknowledged drain outlives a restart of the agent
  redis.pcall('PEXPIRE', ARGV[9], DAY)
end
if unread .. unpublished ~= '' then
  return {1, now, command, unread, unpublished}
end
return command == '' and {1, now} or {1, now, command}
