"""Runs a service that lives on the bus: worker, chaos, remediator."""

from incidentops.runner.run import run_service

__all__ = ["run_service"]
