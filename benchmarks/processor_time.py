"""Processor time: of this process and those that it has ended, and of the nodes of a cluster."""

from __future__ import annotations

import resource
from typing import NamedTuple

from articleqa.storage.opensearch.connection import Cluster


class ProcessorTime(NamedTuple):
    """Seconds of processor time, here and in the nodes of a cluster."""

    here: float
    there: float


def processor_time(cluster: Cluster | None) -> ProcessorTime:
    """Return the processor time used so far."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    here = sum(each.ru_utime + each.ru_stime for each in used)
    if cluster is None:
        return ProcessorTime(here, 0.0)
    nodes = cluster.read("GET", "/_nodes/stats/process")["nodes"].values()
    return ProcessorTime(here, sum(each["process"]["cpu"]["total_in_millis"] for each in nodes) / 1000)
