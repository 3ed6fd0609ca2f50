import subprocess
import sys
from pathlib import Path

import pytest

from infrastructure.bring_up import turn
from infrastructure.bring_up.setup_error import SetupError

HOLD = "import sys; from pathlib import Path; from infrastructure.bring_up import turn\n"
HOLD += "with turn.take(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"


def test_a_second_run_is_refused_until_the_first_has_died(tmp_path: Path):
    lock = tmp_path / "lock"
    root = Path(__file__).resolve().parents[2]
    first = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(lock)], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with first:
        assert first.stdout is not None
        assert first.stdout.readline() == b"held\n"
        with pytest.raises(SetupError, match="is at work"), turn.take(lock):
            pass
        first.kill()
    with turn.take(lock):
        pass
