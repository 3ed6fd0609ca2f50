"""Alerts in, incidents out, and what people do with them."""
