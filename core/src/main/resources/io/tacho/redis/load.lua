-- Reads the entries of many nodes or windows in one round trip; changes nothing.
-- KEYS: hashes; each followed by the keys of the strings that belong to it
-- ARGV: maximum bytes of an entry, bytes after which the reply ends, and the names of these strings: they become fields of the entry
-- Returns for each hash, in their order, MessagePack: its PTTL, then the array field, value, field, value, …, or instead of
-- the array a string with the reason for its absence. Fewer replies than hashes: the caller requests the others again.
local limit, enough = tonumber(ARGV[1]), tonumber(ARGV[2])
local entries, bytes, step = {}, 0, #ARGV - 1

for i = 1, #KEYS, step do
  local key = KEYS[i]
  local fields = redis.pcall('HGETALL', key)
  if fields.err and not string.find(fields.err, '^WRONGTYPE') then
    return fields
  end
  for name = 1, fields.err and 0 or step - 1 do
    -- without the right to it, or if it has another type, it is missing
    local value = redis.pcall('GET', KEYS[i + name])
    if type(value) == 'string' then
      fields[#fields + 1] = ARGV[2 + name]
      fields[#fields + 1] = value
    end
  end
  local entry = cmsgpack.pack(redis.call('PTTL', key), fields.err or fields)
  if #entry > limit then
    entry = cmsgpack.pack(0, 'TOOLARGE')
  end
  entries[#entries + 1] = entry
  bytes = bytes + #entry
  if bytes > enough then
    break
  end
end

return entries
