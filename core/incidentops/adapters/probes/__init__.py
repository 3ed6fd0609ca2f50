"""Asking a service by its own protocol, over a plain socket, with one deadline for everything.

Standard library only: a probe sidecar starts this package in a fresh container, where each import counts.
"""

from incidentops.adapters.probes.asking import ask

__all__ = ["ask"]
