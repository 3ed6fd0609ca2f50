"""The doors for alerts, one module per wire format. What is accepted is durable before the 2xx."""
