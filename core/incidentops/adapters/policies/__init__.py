"""Policies as YAML files."""
