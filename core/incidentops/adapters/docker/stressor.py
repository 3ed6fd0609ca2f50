"""A stressor inside its target, where no sidecar may join the target's control group.

The program comes out of the stressor's image. It is copied into the target and run there; its first act is to remove
its file, and it ends by its own timeout. Whatever is executed is that program, never anything of the target's.
"""

import io
import tarfile
import time
from functools import cached_property

from incidentops.adapters.docker.client import EngineClient
from incidentops.adapters.docker.connection import EngineConnection
from incidentops.domain.errors import EngineRefused

_PROGRAM = "stressor"
_ROOT = "0"
_PATIENCE_SECONDS = 5.0
_PAUSE_SECONDS = 0.02


class StressorInside:
    """`image` is the stressor's. Raises the errors of the engine."""

    def __init__(self, connection: EngineConnection, image: str) -> None:
        self._connection, self._image = connection, image

    def run(self, container_id: str, name: str, arguments: tuple[str, ...]) -> None:
        """Returns once it runs. Raises EngineRefused when it ended at once."""
        with self._connection.verb() as client:
            execution = self._execute(client, container_id, name, arguments)
            if (code := _exit_code(client, execution)) is not None:
                raise EngineRefused(f"the stressor ended at once, with exit code {code}")

    def end(self, container_id: str, name: str) -> None:
        """Afterwards none of that name runs, and no file of it is left. Raises EngineRefused when one might."""
        with self._connection.verb() as client:
            execution = self._execute(client, container_id, name, ("end",))
            deadline = time.monotonic() + _PATIENCE_SECONDS
            while (code := _exit_code(client, execution)) is None and time.monotonic() < deadline:
                time.sleep(_PAUSE_SECONDS)
            if code != 0:
                raise EngineRefused(f"/{name} may still run in the target: it could not be ended")

    def _execute(self, client: EngineClient, container_id: str, name: str, arguments: tuple[str, ...]) -> str:
        client.put_archive(container_id, "/", _archive(name, self._program))
        command = [f"/{name}", *arguments]
        execution = client.exec_create(container_id, command, stdout=False, stderr=False, user=_ROOT)
        client.exec_start(execution["Id"], detach=True)
        return str(execution["Id"])

    @cached_property
    def _program(self) -> bytes:
        """Out of a container that is never started."""
        with self._connection.verb() as client:
            container = client.create_container(self._image)["Id"]
            try:
                chunks, _ = client.get_archive(container, f"/{_PROGRAM}")
                return _unpacked(b"".join(chunks))
            finally:
                client.remove_container(container, force=True)


def _exit_code(client: EngineClient, execution: str) -> int | None:
    """None while it runs."""
    facts = client.exec_inspect(execution)
    return None if facts["Running"] else int(facts["ExitCode"])


def _archive(name: str, program: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = len(program), 0o755
        tar.addfile(entry, io.BytesIO(program))
    return packed.getvalue()


def _unpacked(archive: bytes) -> bytes:
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        file = tar.extractfile(_PROGRAM)
        if file is None:
            raise EngineRefused("the image of the stressor has no stressor")
        return file.read()
