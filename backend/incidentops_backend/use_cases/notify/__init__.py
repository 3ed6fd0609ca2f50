"""Notifications: bringing them, watching that they arrive."""
