"""The bus on RabbitMQ through pika. Start reading at `bus.py`.

Importing this package does not import pika: `delivery.py` and `handled.py` serve the in-memory twin too.
"""
