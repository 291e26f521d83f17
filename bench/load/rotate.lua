-- For wrk: sends the requests of a file in turn and prints what was measured as one line of JSON. Arguments: the
-- requests (`METHOD PATH` per line); `again`, or `once`: each thread sends its own share, and the end of the last is the
-- end of the load; and a file with the body of every PUT.
local ffi = require("ffi")
ffi.cdef("struct clock { long seconds, nanoseconds; }; int clock_gettime(int clock, struct clock *now);")
local MONOTONIC = 1
local threads = {}

function setup(thread)
  thread:set("number", #threads)
  thread:set("count", tonumber(os.getenv("WRK_THREADS")))
  table.insert(threads, thread)
end

local function micros()
  local now = ffi.new("struct clock")
  ffi.C.clock_gettime(MONOTONIC, now)
  return tonumber(now.seconds) * 1e6 + tonumber(now.nanoseconds) / 1e3
end

local function readAll(path)
  local file = assert(io.open(path, "rb"))
  local content = file:read("*a")
  file:close()
  return content
end

function init(args)
  local again, line = args[2] == "again", 0
  local body = args[3] and readAll(args[3])
  local header = { ["Content-Length"] = body and #body }
  local calls, at = {}, 0
  startedAt, endedAt, bodies = 0, 0, 0
  for text in io.lines(args[1]) do
    if again or line % count == number then
      local method, path = text:match("^(%u+) (.+)$")
      -- Without a body the whole request is made once; with one, a copy for each would be too much memory.
      calls[#calls + 1] = method == "PUT" and { path } or wrk.format(method, path)
    end
    line = line + 1
  end
  if again then at = math.floor(number * #calls / count) end
  request = function()
    if startedAt == 0 then startedAt = micros() end
    at = at + 1
    if at > #calls then
      if not again then
        endedAt = micros()
        wrk.thread:stop()
      end
      at = 1
    end
    local call = calls[at]
    if type(call) == "string" then return call end
    bodies = bodies + 1
    return wrk.format("PUT", call[1], header, body)
  end
end

function done(summary, latency)
  local errors, bodies, first, last, allEnded = summary.errors, 0, math.huge, 0, true
  for _, thread in ipairs(threads) do
    bodies = bodies + thread:get("bodies")
    first = math.min(first, thread:get("startedAt"))
    last = math.max(last, thread:get("endedAt"))
    allEnded = allEnded and thread:get("endedAt") > 0
  end
  local duration = allEnded and last - first or summary.duration
  local broken = errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format(
    '\n{"requests":%d,"durationUs":%d,"bytes":%d,"bodies":%d,"brokenConnections":%d,"refused":%d,"p50Us":%d,"p99Us":%d}\n',
    summary.requests, duration, summary.bytes, bodies, broken, errors.status,
    latency:percentile(50), latency:percentile(99)))
end
