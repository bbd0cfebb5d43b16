-- Returns the members of an index and when each of them was changed last; changes nothing.
-- KEYS: the index
-- Returns the time of this server in ms, then members and times, alternating.
local time = redis.call('TIME')
local members = redis.pcall('ZRANGE', KEYS[1], '0', '-1', 'WITHSCORES')
if members.err then
  if not string.find(members.err, 'WRONGTYPE', 1, true) then
    return members
  end
  members = {}
end
table.insert(members, 1, string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000)))
return members
