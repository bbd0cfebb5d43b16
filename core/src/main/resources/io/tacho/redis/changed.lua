-- Returns which windows have changed; changes nothing.
-- KEYS: the index of windows
-- ARGV: since when, ms of Redis' clock; a time that has not come yet is one of another clock, and is ignored
-- Returns the time, then the members.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local since = tonumber(ARGV[1])
if since > now then
  since = 0
end
local members = redis.pcall('ZRANGE', KEYS[1], string.format('%.0f', since), '+inf', 'BYSCORE')
if members.err then
  if not string.find(members.err, 'WRONGTYPE', 1, true) then
    return members
  end
  members = {}
end
table.insert(members, 1, string.format('%.0f', now))
return members
