-- One turn of an aggregator that watches for alerts: who speaks, and what has been said.
-- KEYS: lock, alerts
-- ARGV: token, lease_ms (0: gives it back), ttl_ms of the alerts, known version, edit ('' none, 'part' or 'whole'), how many
-- fields go, these, then field, value, field, value, …
-- An edit is applied only under a lease that was held before; one in part only to what is of the known version.
-- Returns lease (0 another's, 1 taken now, 2 kept), applied (0 or 1), version, told (0 or 1), then, if told, field, value, …:
-- all there is, for it is not what is known.
local lock, alerts = KEYS[1], KEYS[2]
local token, lease, ttl, known, edit = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4], ARGV[5]

local holder, mine = redis.call('GET', lock), '0'
if holder == token then
  if lease > 0 then
    redis.call('PEXPIRE', lock, lease)
    mine = '2'
  else
    redis.call('DEL', lock)
  end
elseif not holder and lease > 0 then
  redis.call('SET', lock, token, 'PX', lease)
  mine = '1'
end

local version, applied = redis.call('HGET', alerts, 'version') or '0', '0'
if mine == '2' and (edit == 'whole' or (edit == 'part' and version == known)) then
  local goes = tonumber(ARGV[6])
  if edit == 'whole' then
    redis.call('DEL', alerts)
  end
  for i = 7, 6 + goes do
    redis.call('HDEL', alerts, ARGV[i])
  end
  for i = 7 + goes, #ARGV, 2 do
    redis.call('HSET', alerts, ARGV[i], ARGV[i + 1])
  end
  version = string.format('%.0f', tonumber(known) + 1)
  redis.call('HSET', alerts, 'version', version)
  applied = '1'
end
if mine ~= '0' and version ~= '0' then
  redis.call('PEXPIRE', alerts, ttl)
end

local answer = {mine, applied, version, '0'}
if applied == '0' and (mine == '1' or version ~= known) then
  answer[4] = '1'
  local entries = redis.call('HGETALL', alerts)
  for i = 1, #entries do
    answer[4 + i] = entries[i]
  end
end
return answer
