"""Remediation policies as YAML files."""
