-- Precedes the scripts that compare the sources of a period.

-- Returns the state of the sources, and the number of windows of nodes in them; changes nothing. A key of another type has none.
-- index: that of the sources; first: the first of KEYS that is a source; offset: from there to its member of the index in ARGV
local function state(index, first, offset)
  local count, times, windows = 0, 0, 0
  for i = first, #KEYS do
    local time = redis.call('ZSCORE', index, ARGV[offset + i])
    if time then
      local stored = redis.pcall('HGET', KEYS[i], ARGV[1])
      if type(stored) == 'table' and not string.find(stored.err, 'WRONGTYPE', 1, true) then
        -- fails, and names the command
        redis.call('HGET', KEYS[i], ARGV[1])
      end
      count = count + 1
      times = times + time
      windows = windows + (type(stored) == 'string' and tonumber(stored) or 0)
    end
  end
  return string.format('%.0f:%.0f:%.0f', count, times, windows), windows, count
end
