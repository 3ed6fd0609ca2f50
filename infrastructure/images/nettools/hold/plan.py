"""What is to be held, as the backend wrote it."""

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Plan:
    """`table` is the name of our nftables table, `ends_at` the end of the lease in seconds since the epoch. The
    other fields are those of the plan of a fault; what is empty is not done."""

    table: str
    ends_at: float
    arriving: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()
    queue: tuple[str, ...] = ()
    delay_ms: tuple[float, float] | None = None
    proxy_ms: tuple[float, float] | None = None
    fill_percent: float | None = None
    freeze: bool = False
    tick_seconds: float | None = None

    @classmethod
    def parse(cls, text: str) -> "Plan":
        """Raises ValueError or TypeError for anything but a plan."""
        fields: dict[str, Any] = json.loads(text)
        values: dict[str, Any] = {
            name: tuple(item) if isinstance(item, list) else item for name, item in fields.items()
        }
        return cls(**values)

    @property
    def networked(self) -> bool:
        return self.ruled or bool(self.queue)

    @property
    def ruled(self) -> bool:
        """Whether there are rules, which end in the kernel unless they are renewed."""
        return bool(self.arriving or self.leaving or self.delay_ms or self.proxy_ms)
