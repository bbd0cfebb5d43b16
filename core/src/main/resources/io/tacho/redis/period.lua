-- Stores the merge of its sources as the entry of a period, if they are those that were merged.
-- KEYS: the entry of the period, the index of its tier, the index of its sources, their entries
-- ARGV: the field that counts the windows of nodes in a source; the states of the sources as sources.lua returned them, of the
-- entry and now ('' for an entry that has no sources: an import); the period as a member of its index; the number of windows of
-- nodes in it; when it expires, UNIX ms; how long the index lives, ms; the number of fields and values; these; the sources as
-- members of their index
-- Returns 1 if it is stored now; 0 if the sources or the entry have changed; 2 if the entry has more than the sources
local entry, index, sources = KEYS[1], KEYS[2], KEYS[3]

local fields = tonumber(ARGV[8])
local current, _, count = state(sources, 4, 5 + fields)
local stored = call('HMGET', entry, 'sources', 'node_windows')
if ARGV[3] ~= '' and ((stored[1] or '') ~= ARGV[2] or current ~= ARGV[3]) then
  return 0
end
local more = tonumber(stored[2]) or 0
local mergedCount = tonumber(string.match(stored[1] or '', '^%d+')) or 0
if ARGV[3] ~= '' and more == 0 and ARGV[5] == '0' and mergedCount > count then
  -- some sources have expired
  return 2
end
if more > tonumber(ARGV[5]) or (ARGV[3] == '' and stored[2] and more >= tonumber(ARGV[5])) then
  return 2
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local last = call('ZSCORE', index, ARGV[4])
-- the index first: an entry that it does not contain would not be merged further
redis.call('ZADD', index, string.format('%.0f', math.max(now, (last or 0) + 1)), ARGV[4])
if ARGV[3] ~= '' then
  redis.call('ZREMRANGEBYSCORE', index, '-inf', '(' .. string.format('%.0f', now - ARGV[7]))
  redis.call('PEXPIRE', index, ARGV[7])
elseif redis.call('PTTL', index) < tonumber(ARGV[7]) then
  -- an import leaves periods alone that aggregators store for longer
  redis.call('PEXPIRE', index, ARGV[7])
end
redis.call('HSET', entry, 'v', '1', 'sources', ARGV[3], 'node_windows', ARGV[5], unpack(ARGV, 9, 8 + fields))
redis.call('PEXPIREAT', entry, ARGV[6])
return 1
