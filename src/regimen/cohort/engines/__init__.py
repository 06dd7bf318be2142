"""Who makes the parts of a cohort? Threads of this machine, the workers of a Dask cluster, or those of Spark."""

from __future__ import annotations

from regimen.cohort.running import Engine, by_threads
from regimen.errors import RegimenError

ENGINES = ("threads", "dask", "spark")


def engine_of(name: str, *, threads: int = 1, scheduler: str | None = None, master: str | None = None) -> Engine:
    """An engine by its name; raises ``RegimenError`` for what it lacks, or for what is another's."""
    if scheduler and name != "dask":
        raise RegimenError("--scheduler is the address of a Dask cluster; add --engine dask, or leave it out.")
    if master and name != "spark":
        raise RegimenError("--master says where Spark runs; add --engine spark, or leave it out.")
    if name == "dask":
        from regimen.cohort.engines.dask import on_dask

        if not scheduler:
            raise RegimenError("--engine dask needs the cluster's address, such as --scheduler tcp://scheduler:8786.")
        return on_dask(scheduler)
    if name == "spark":
        from regimen.cohort.engines.spark import on_spark

        return on_spark(master)
    if name != "threads":
        raise RegimenError(f"there is no engine {name!r}; the engines are {', '.join(ENGINES)}.")
    return by_threads(threads)
