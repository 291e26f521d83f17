-- For wrk: sends the requests of a file in turn (`once`: each thread its own share), and prints what was measured as one line of
-- JSON. Arguments: the requests (`METHOD PATH` per line), `once` or `again` (what to do at their end), and a file with
-- the body of every request, if they have one.
local threads = {}

function setup(thread)
  thread:set("number", #threads)
  thread:set("count", tonumber(os.getenv("WRK_THREADS")))
  table.insert(threads, thread)
end

function init(args)
  requests, at, again, exhausted = {}, 0, args[2] == "again", false
  local body
  if args[3] then
    local file = assert(io.open(args[3], "rb"))
    body = file:read("*a")
    file:close()
  end
  local line = 0
  for text in io.lines(args[1]) do
    if again or line % count == number then
      local method, path = text:match("^(%u+) (.+)$")
      -- Without a body the whole request is made once; with one, a copy for each would be too much memory.
      if body then requests[#requests + 1] = { method, path }
      else requests[#requests + 1] = wrk.format(method, path) end
    end
    line = line + 1
  end
  if again then at = math.floor(number * #requests / count) end
  local header = { ["Content-Length"] = body and #body }
  if body then
    request = function()
      local next = take()
      return wrk.format(next[1], next[2], header, body)
    end
  else
    request = function() return take() end
  end
end

function take()
  at = at + 1
  if at > #requests then
    exhausted = not again
    if exhausted then wrk.thread:stop() end
    at = 1
  end
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  local ranOut = false
  for _, thread in ipairs(threads) do ranOut = ranOut or thread:get("exhausted") end
  local broken = errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format(
    '\n{"requests":%d,"durationUs":%d,"bytes":%d,"brokenConnections":%d,"refused":%d,"ranOut":%s,"p50Us":%d,"p99Us":%d,"maxUs":%d}\n',
    summary.requests, summary.duration, summary.bytes, broken, errors.status, tostring(ranOut),
    latency:percentile(50), latency:percentile(99), latency.max))
end
