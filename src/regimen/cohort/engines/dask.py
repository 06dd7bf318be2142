"""How do the workers of a Dask cluster make a cohort? A task for each part; what a lost worker had, others make."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from threading import Thread
from typing import Any

from regimen._version import __version__
from regimen.cohort.engines.parcels import make_part, parcels_of, received
from regimen.cohort.parts import digest_of
from regimen.cohort.running import Engine, Share
from regimen.errors import CohortError, RegimenError

REACHED = 10
"""Seconds in which a scheduler must answer and have a worker."""
LOOK, ALONE = 5, 12
"""Seconds between two looks at the workers, and how many looks may find none."""
RETRIES = 3
"""How often a part is made again after an error; deaths of workers are counted by the cluster."""
AHEAD = 2
"""Parts in hand for each thread of the cluster."""


def on_dask(scheduler: Any, *, reached: float = REACHED) -> Engine:
    """The engine of a cluster: the address of its scheduler, or a ``distributed.Client`` of one's own, left open."""
    try:
        import_module("distributed")
    except ImportError:
        raise RegimenError(
            "--engine dask needs the package distributed: run pip install 'regimen[dask]' and try again."
        ) from None

    def run(share: Share) -> None:
        with _client(scheduler, reached) as client, client.as_current():
            try:
                _refuse_unready(client, reached)
                _make(client, share)
            except RegimenError:
                raise
            except Exception as error:
                raise CohortError(
                    f"the Dask cluster was lost ({type(error).__name__}: {_first_line(error)}); the parts that were "
                    "done are kept, so run the same command again when it is back."
                ) from error

    return run


@contextmanager
def _client(scheduler: Any, reached: float) -> Iterator[Any]:
    from distributed import Client

    if isinstance(scheduler, Client):
        yield scheduler
        return
    client = _opened(scheduler, reached)
    if not isinstance(client, Client):
        said = _first_line(client) if client is not None else "something else listens there"
        raise CohortError(
            f"no Dask scheduler answers at {scheduler} within {reached:g} s ({said}); is it running, and is this its "
            "address, such as tcp://scheduler:8786?"
        )
    try:
        yield client
    finally:
        client.close()


def _opened(scheduler: str, reached: float) -> Any:
    """A client, why there is none, or None: one whose address is another program's waits for ever."""
    from distributed import Client

    found: list[Any] = [None]

    def open_it() -> None:
        try:
            found[0] = Client(scheduler, timeout=reached, set_as_default=False)
        except Exception as error:
            found[0] = error

    opening = Thread(target=open_it, daemon=True)
    opening.start()
    opening.join(reached + 1)
    return found[0]


def _refuse_unready(client: Any, reached: float) -> None:
    """Raise unless there is a worker, and all there are have this version of regimen."""
    address = client.scheduler.address
    try:
        client.wait_for_workers(1, timeout=reached)
    except TimeoutError:
        raise CohortError(
            f"the Dask scheduler at {address} has no workers; start some (dask worker {address}) and try again."
        ) from None
    for worker, found in sorted(client.run(_asked(), on_error="return").items()):
        if found != f"regimen {__version__}":
            has = found if isinstance(found, str) else _first_line(found)
            raise CohortError(
                f"the worker {worker} has {has}, and this machine has regimen {__version__}; install the same version "
                "on both, with the extra cohort."
            )


def _asked() -> Any:
    """What a worker is asked: a function inside another is sent as it is, so that it runs where regimen is not."""

    def version() -> str:
        from importlib.util import find_spec

        missing = [name for name in ("regimen", "numpy", "pyarrow") if find_spec(name) is None]
        if missing:
            return "no " + " and no ".join(missing)
        from regimen._version import __version__ as found

        return f"regimen {found}"

    return version


def _make(client: Any, share: Share) -> None:
    name = digest_of(f"{share.folder.path.absolute()} {sorted(share.folder.job.items())}")[:16]
    running: dict[Any, int] = {}
    try:
        for parcel in parcels_of(share):
            while len(running) >= AHEAD * max(1, sum(client.nthreads().values())):
                _collect(client, share, running)
            key = f"regimen-cohort-{name}-{parcel.part:05d}"
            running[client.submit(make_part, parcel, key=key, retries=RETRIES, pure=False)] = parcel.part
        while running:
            _collect(client, share, running)
    except RegimenError:
        _let_end(running)
        raise
    finally:
        with suppress(Exception):  # it may be the cluster that failed
            client.cancel(list(running))


def _collect(client: Any, share: Share, running: dict[Any, int]) -> None:
    """Wait until some part is done, and take what is."""
    from distributed import wait

    for _ in range(ALONE):
        with suppress(TimeoutError):
            wait(list(running), timeout=LOOK, return_when="FIRST_COMPLETED")
        done = [future for future in running if future.status not in ("pending",)]
        for future in done:
            received(share, _row(future, running.pop(future)))
        if done or client.nthreads():
            return
    raise CohortError(
        f"the Dask scheduler has had no worker for {ALONE * LOOK} s; the parts that were done are kept, so start "
        "workers and run the same command again."
    )


def _row(future: Any, part: int) -> Any:
    from distributed import KilledWorker

    try:
        return future.result(timeout=LOOK)
    except RegimenError:
        raise
    except KilledWorker:
        said = "its workers died one after another, as they do when memory is short: give a smaller --part-size"
    except Exception as error:
        said = f"{type(error).__name__}: {_first_line(error)}"
    raise CohortError(
        f"part {part} was given up by the cluster ({said}); the parts that were done are kept, so run the same command "
        "again."
    ) from None


def _let_end(running: dict[Any, int]) -> None:
    """Wait for what is being written, so that nothing is written after the run has been given up."""
    from distributed import wait

    with suppress(Exception):
        wait(list(running), timeout=ALONE * LOOK)


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).splitlines()), "") or type(error).__name__
