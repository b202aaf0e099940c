-- Calls of Gmail's, from a file whose lines are "METHOD path [body]", in turn and with one token.
local lines, ready, next = {}, {}, 0
for line in io.lines(os.getenv("CALLS")) do lines[#lines + 1] = line end
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer " .. os.getenv("TOKEN")
function init()
    for index, line in ipairs(lines) do
        local method, path, body = line:match("^(%S+) (%S+) ?(.*)$")
        if body == "" then body = nil end
        ready[index] = wrk.format(method, path, nil, body)
    end
end
function request()
    next = next % #ready + 1
    return ready[next]
end
