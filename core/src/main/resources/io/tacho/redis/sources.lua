-- Returns whether a period is the merge of its sources; changes nothing.
-- KEYS: the entry of the period, the index of its sources, their entries
-- ARGV: the field that counts the windows of nodes in a source, then the sources as members of their index
-- Returns the state of the sources when the entry was written, '' if there is none; their state now; the number of windows of
-- nodes in the entry; that of the sources
local current, windows = state(KEYS[2], 3, -1)
local stored = redis.pcall('HMGET', KEYS[1], 'sources', 'node_windows')
if stored.err then
  -- of another type: it is replaced
  stored = {}
end
return {stored[1] or '', current, tonumber(stored[2]) or 0, windows}
