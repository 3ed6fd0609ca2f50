-- From a line of the engine's json-file log to a line with Loki's labels.

-- What it says itself is left out: a Loki that is away would make it write, and what it wrote would be shipped again.
local OURSELVES = "fluent-bit"

-- Called for every record. Answers -1 (leave it out) or 2 (changed, the time stays) as fluent-bit's Lua filter asks.
function labelled(_, timestamp, record)
  local labels = record["attrs"] or {}
  local service = labels["incidentops.service"]
  if service == nil or service == OURSELVES then
    return -1, timestamp, record
  end
  return 2, timestamp, {
    log = string.gsub(record["log"], "\r?\n$", ""),
    stream = record["stream"],
    service = service,
    group = labels["incidentops.group"],
  }
end
