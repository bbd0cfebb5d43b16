-- Acquires, renews or releases the alert lease of one aggregator, and reads or updates the stored alerts.
-- KEYS: lock, alerts
-- ARGV: token, lease_ms (0: release), ttl_ms of the alerts, known version, update ('' none, 'merge' or 'replace'), number of fields to
-- remove, these fields, then field, value, field, value, …
-- An update is applied only if the lease was held before this call; 'merge' only to the known version.
-- Returns lease (0 not held, 1 acquired, 2 renewed), applied (0 or 1), version, listed (0 or 1), then, if listed, field, value, …: all
-- stored fields, because the caller does not know them.
local lock, alerts = KEYS[1], KEYS[2]
local token, lease_ms, ttl, known, update = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4], ARGV[5]

local holder, lease = redis.call('GET', lock), '0'
if holder == token then
  if lease_ms > 0 then
    redis.call('PEXPIRE', lock, lease_ms)
    lease = '2'
  else
    redis.call('DEL', lock)
  end
elseif not holder and lease_ms > 0 then
  redis.call('SET', lock, token, 'PX', lease_ms)
  lease = '1'
end

local version, applied = redis.call('HGET', alerts, 'version') or '0', '0'
if lease == '2' and (update == 'replace' or (update == 'merge' and version == known)) then
  local removed = tonumber(ARGV[6])
  if update == 'replace' then
    redis.call('DEL', alerts)
  end
  for i = 7, 6 + removed do
    redis.call('HDEL', alerts, ARGV[i])
  end
  for i = 7 + removed, #ARGV, 2 do
    redis.call('HSET', alerts, ARGV[i], ARGV[i + 1])
  end
  version = string.format('%.0f', tonumber(known) + 1)
  redis.call('HSET', alerts, 'version', version)
  applied = '1'
end
if lease ~= '0' and version ~= '0' then
  redis.call('PEXPIRE', alerts, ttl)
end

local response = {lease, applied, version, '0'}
if applied == '0' and (lease == '1' or version ~= known) then
  response[4] = '1'
  local entries = redis.call('HGETALL', alerts)
  for i = 1, #entries do
    response[4 + i] = entries[i]
  end
end
return response
