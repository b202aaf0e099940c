-- Asks for the paths of a file in turn, as the browser of the classification cases does.
local paths = {}
for line in io.lines(os.getenv("PATHS")) do paths[#paths + 1] = line end
wrk.headers["User-Agent"] =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36"
local ready, next = {}, 0
function init()
    for index, path in ipairs(paths) do ready[index] = wrk.format("GET", path) end
    math.randomseed(tonumber(tostring({}):match("0x(%x+)"), 16) % 2147483647)
    next = math.random(#ready)
end
function request()
    next = next % #ready + 1
    return ready[next]
end
