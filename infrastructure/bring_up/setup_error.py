"""The one way in which bringing the stack up may fail."""


class SetupError(Exception):
    """Something the person at the keyboard must change: what is wrong and the way out, in one sentence."""

    def __init__(self, what: str, way_out: str) -> None:
        super().__init__(f"{what}: {way_out}")
        self.what = what
        self.way_out = way_out
