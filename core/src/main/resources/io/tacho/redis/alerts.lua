-- Acquires, renews or releases the alert lease of one aggregator, and reads or updates the stored alerts.
-- KEYS: lock, alerts
-- ARGV: token, lease_ms (0: release), ttl_ms of the alerts, known version, update ('' none, 'merge', 'replace' or 'edit'), number of
-- fields to remove, these fields, then field, value, field, value, …
-- An update is applied only if the lease was held before this call; 'merge' only to the known version; 'edit' in any case.
-- Returns lease (0 not held, 1 acquired, 2 renewed), applied (0 or 1), version, listed (0 or 1), then, if listed, field, value, …: all
-- stored fields, because the caller does not know them.
local lock, alerts = KEYS[1], KEYS[2]
local token, lease_ms, ttl, known, update = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4], ARGV[5]

-- Returns whether an aggregator holds the lock; none does if it lives for much longer than a lease, or for ever.
local function isHeld()
  local left = redis.pcall('PTTL', lock)
  return type(left) ~= 'number' or (left >= 0 and left <= 10 * lease_ms)
end

-- Redis rolls nothing back: without a right nothing is written. Redis 6.2 has no such check
for _, command in ipairs(redis.acl_check_cmd and update ~= '' and {'HDEL', 'HSET', 'HGETALL', 'PEXPIRE'} or {}) do
  if not redis.acl_check_cmd(command, alerts, '1', '1') then
    return {err = 'NOPERM No permissions to run a command of the script (' .. string.lower(command) .. ')'}
  end
end

local holder, lease = call('GET', lock), '0'
if holder == token then
  if lease_ms > 0 then
    redis.call('PEXPIRE', lock, lease_ms)
    lease = '2'
  else
    redis.call('DEL', lock)
  end
elseif lease_ms > 0 and not (holder and isHeld()) then
  redis.call('SET', lock, token, 'PX', lease_ms)
  lease = '1'
end

local version, applied = call('HGET', alerts, 'version'), '0'
if not version or #version > 15 or not string.find(version, '^%d+$') then
  version = '0'
end
if update == 'edit' or (lease == '2' and (update == 'replace' or (update == 'merge' and version == known))) then
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
  version = string.format('%.0f', tonumber(update == 'edit' and version or known) + 1)
  redis.call('HSET', alerts, 'version', version)
  applied = '1'
end
if (lease ~= '0' or update == 'edit') and version ~= '0' then
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
