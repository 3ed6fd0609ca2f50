"""Runs jobs and runbooks, asked by command over RabbitMQ."""

__version__ = "0.1.0"
