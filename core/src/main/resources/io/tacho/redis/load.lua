-- Reads the entries of many nodes in one round trip; changes nothing.
-- KEYS: node hashes
-- ARGV: bytes that an entry may have, bytes after which the answer is long enough
-- Returns for each key, in their order, MessagePack: its PTTL, then the array field, value, field, value, …, or a string in
-- the place of the array: why there is none. Fewer answers than keys: the others are to be asked for again.
local limit, enough = tonumber(ARGV[1]), tonumber(ARGV[2])
local entries, bytes = {}, 0

for i, key in ipairs(KEYS) do
  local fields = redis.pcall('HGETALL', key)
  if fields.err and not string.find(fields.err, '^WRONGTYPE') then
    return fields
  end
  local entry = cmsgpack.pack(redis.call('PTTL', key), fields.err or fields)
  if #entry > limit then
    entry = cmsgpack.pack(0, 'TOOLARGE')
  end
  entries[i] = entry
  bytes = bytes + #entry
  if bytes > enough then
    break
  end
end

return entries
