"""Remediation by policy: what is in force, what is remembered, what is ruled, who approves."""
