"""The one place where RabbitMQ's and pika's errors become the product's own."""

from collections.abc import Iterator

from incidentops.domain.errors import Unavailable

PART = "rabbitmq"


def unavailable(reason: str | BaseException) -> Unavailable:
    """The error that leaves the adapter. An exception is put into words first."""
    return Unavailable(PART, reason if isinstance(reason, str) else words_of(reason))


def words_of(error: BaseException) -> str:
    """One short line for people. pika wraps the cause of a failed connect several times: dig it out."""
    cause = error
    while (inner := next(_causes(cause), None)) is not None:
        cause = inner
    text = " ".join(str(cause).split())
    return text[:300] if text else type(cause).__name__


def _causes(error: BaseException) -> Iterator[BaseException]:
    """What an error of pika's connection workflow wraps; the last of several attempts comes first."""
    yield from reversed(getattr(error, "exceptions", ()))
    if isinstance(inner := getattr(error, "exception", None), BaseException):
        yield inner
    yield from (part for part in error.args if isinstance(part, BaseException))
