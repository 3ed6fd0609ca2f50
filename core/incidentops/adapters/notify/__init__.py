"""Channels that lead out of the product, one per module."""
