-- Reads the entries of many nodes in one round trip; changes nothing.
-- KEYS: node hashes
-- ARGV: maximum bytes of an entry, bytes after which the reply ends
-- Returns for each key, in their order, MessagePack: its PTTL, then the array field, value, field, value, …, or instead of
-- the array a string with the reason for its absence. Fewer replies than keys: the caller requests the others again.
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
