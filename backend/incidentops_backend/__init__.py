"""The control plane: HTTP, live view and actions over the engine."""

__version__ = "0.1.0"
