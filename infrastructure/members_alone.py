"""Install each member alone and import all its modules: a shared environment hides what is undeclared."""

import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from infrastructure.bring_up.commands import CommandError, run

ROOT = Path(__file__).resolve().parents[1]
MEMBERS = ("backend", "chaos", "remediator", "worker")
IMPORT_ALL = """
import importlib, pkgutil, sys
package = importlib.import_module(sys.argv[1])
names = [module.name for module in pkgutil.walk_packages(package.__path__, package.__name__ + ".")]
for name in names:
    if not name.endswith("__main__"):
        importlib.import_module(name)
print(len(names) + 1)
"""


def check(member: str) -> str:
    """One line on a member that stands alone. Raises CommandError with the reason when it does not."""
    with TemporaryDirectory(prefix=f"incidentops-{member}-") as folder:
        sources = [shutil.copytree(ROOT / name, Path(folder) / name) for name in ("core", member)]
        python = f"{folder}/venv/bin/python"
        pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        run(sys.executable, "-m", "venv", f"{folder}/venv")
        run(*pip, "--require-hashes", "--requirement", str(ROOT / member / "requirements.lock"))
        # Built from copies: setuptools leaves a build folder, and what was deleted lives on in it.
        run(*pip, "--no-deps", *map(str, sources))
        modules = run(python, "-I", "-W", "error", "-c", IMPORT_ALL, f"incidentops_{member}").strip()
    return f"{member}: installs alone, {modules} modules import"


def main() -> int:
    """Check all members, two at a time; the exit code is 1 when one fails."""
    failed = 0
    with ThreadPoolExecutor(max_workers=2) as pool:
        for member, outcome in [(member, pool.submit(check, member)) for member in MEMBERS]:
            try:
                print(outcome.result(), flush=True)
            except CommandError as failure:
                failed += 1
                print(f"{member}: does not stand alone\n{failure}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
