-- Replaces values of a window's entry by their merge, if all of them are still there. Otherwise another program has merged them, or
-- Redis has lost writes, and nothing changes. A field never gets another value, because its name is unique.
-- KEYS: the entry, the index of windows
-- ARGV: the slot as a member of the index if the entry may have been too large for readers: then it has changed for them, otherwise '';
-- the name of the field with the merge, its value, the names of the merged fields
-- Returns 1 if they are replaced, otherwise 0
local stored = redis.call('HMGET', KEYS[1], unpack(ARGV, 4))
for i = 1, #ARGV - 3 do
  if not stored[i] then
    return 0
  end
end
-- first that which the user may lack the right to, because Redis rolls nothing back
redis.call('HDEL', KEYS[1], 'merging')
if ARGV[1] ~= '' then
  local time = redis.call('TIME')
  redis.call('ZADD', KEYS[2], 'XX', string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000)), ARGV[1])
end
redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
redis.call('HDEL', KEYS[1], unpack(ARGV, 4))
return 1
