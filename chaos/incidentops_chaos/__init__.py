"""Runs experiments, asked by command over RabbitMQ; acts on services only by command to the backend."""

__version__ = "0.1.0"
