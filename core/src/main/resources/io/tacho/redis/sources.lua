-- Returns whether a period is the merge of its sources; changes nothing.
-- KEYS: the entry of the period, the index of its sources, their entries
-- ARGV: the field that counts the windows of nodes in a source, then the sources as members of their index
-- Returns the state of the sources when the entry was written, '' if there is none; their state now; the number of windows of
-- nodes in the entry; that of the sources
local count, times, windows = 0, 0, 0
for i = 3, #KEYS do
  local time = redis.call('ZSCORE', KEYS[2], ARGV[i - 1])
  if time then
    count = count + 1
    times = times + time
    windows = windows + (tonumber(redis.call('HGET', KEYS[i], ARGV[1])) or 0)
  end
end
local stored = redis.pcall('HMGET', KEYS[1], 'sources', 'node_windows')
if stored.err then
  -- of another type: it is replaced
  stored = {}
end
return {stored[1] or '', string.format('%.0f:%.0f:%.0f', count, times, windows), tonumber(stored[2]) or 0, windows}
