"""Our nftables table. Its rules are alive only while the set `alive` knows the packet's protocol: elements of that
set expire in the kernel, so the rules end with the lease, and three seconds after whoever renews them."""

from .plan import Plan
from .run import ToolError, run

BEAT_SECONDS = 1.0
REMEMBERED_SECONDS = 3.0
QUEUE_NUMBER = 77
_MARK = "0x10c"
_PROTOCOLS = (1, 6, 17, 58)
"""ICMP, TCP, UDP and ICMPv6, by number: the image has no list of names."""
_MARKED = f'iifname != "lo" counter meta mark set {_MARK}'
_TO_PROGRAM = (
    "-m",
    "mark",
    "--mark",
    _MARK,
    "-j",
    "NFQUEUE",
    "--queue-num",
    str(QUEUE_NUMBER),
    "--queue-bypass",
)
QUEUE_TABLE = "security"
"""Many kernels queue packets only by a target of iptables. This table of its own belongs to nobody else; what goes
to the program is what our rules, which end with the lease, have marked. Without the program it just passes."""


def install(plan: Plan, seconds: float, proxy_port: int | None = None) -> None:
    """One transaction: all of the rules, alive for that long at most. Raises ToolError."""
    arriving = (*plan.arriving, *((_MARKED,) if plan.delay_ms else ()))
    script = (
        f"table inet {plan.table} {{\n"
        f" set alive {{ type inet_proto; flags timeout; {_elements(seconds)} }}\n"
        f"{_chain('input', arriving)}{_chain('output', plan.leaving)}{_redirection(proxy_port)}}}\n"
    )
    run("nft", "-f", "-", stdin=script)
    if plan.delay_ms:
        queue_marked()


def queue_marked() -> None:
    """Hand marked packets to the program. Raises ToolError where the kernel cannot."""
    run("iptables", "-t", QUEUE_TABLE, "-A", "INPUT", *_TO_PROGRAM)


def renew(plan: Plan, seconds: float) -> None:
    """Keep the rules alive for that long at most, from now. Raises ToolError."""
    words = _elements(seconds).partition("=")[2]
    name = f"inet {plan.table} alive"
    run("nft", "-f", "-", stdin=f"flush set {name}\nadd element {name} {words}\n")


def remove(plan: Plan) -> None:
    """Afterwards the rules are not there."""
    there = run("nft", "list", "tables").splitlines()
    ours = (f"inet {plan.table}", *((f"ip {QUEUE_TABLE}",) if plan.delay_ms else ()))
    for name in ours:
        if f"table {name}" in there:
            run("nft", "delete", "table", *name.split())


def counted(table: str) -> list[int]:
    """The packets that each counter of the table has seen, in the order of its rules."""
    try:
        words = run("nft", "list", "table", "inet", table).split()
    except ToolError:
        return []
    return [int(words[place + 2]) for place, word in enumerate(words) if word == "counter"]


def _elements(seconds: float) -> str:
    milliseconds = max(1, round(min(seconds, REMEMBERED_SECONDS) * 1000))
    return "elements = { " + ", ".join(f"{name} timeout {milliseconds}ms" for name in _PROTOCOLS) + " }"


def _redirection(port: int | None) -> str:
    """New connections from outside go to that port instead. Docker's own rules for names have other hooks."""
    rules = () if port is None else (f'iifname != "lo" ip protocol tcp redirect to :{port}',)
    return _chain("prerouting", rules, kind="nat", priority=-105)


def _chain(hook: str, rules: tuple[str, ...], *, kind: str = "filter", priority: int = -5) -> str:
    if not rules:
        return ""
    lines = "\n".join(f"  {rule}" for rule in rules)
    gate = f"  type {kind} hook {hook} priority {priority}; policy accept;\n  meta l4proto @alive jump while_{hook}"
    return f" chain while_{hook} {{\n{lines}\n }}\n chain {hook} {{\n{gate}\n }}\n"
