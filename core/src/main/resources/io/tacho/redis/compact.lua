-- Replaces values of a window's entry by their merge, if all of them are still there. Otherwise another program has merged them, or
-- Redis has lost writes, and nothing changes. A field never gets another value, because its name is unique.
-- KEYS: the entry
-- ARGV: the name of the field with the merge, its value, the names of the merged fields
-- Returns 1 if they are replaced, otherwise 0
local stored = redis.call('HMGET', KEYS[1], unpack(ARGV, 3))
for i = 1, #ARGV - 2 do
  if not stored[i] then
    return 0
  end
end
-- first that which the user may lack the right to, because Redis rolls nothing back
redis.call('HDEL', KEYS[1], 'merging')
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('HDEL', KEYS[1], unpack(ARGV, 3))
return 1
