"""Holds one fault until its lease ends. Runs in the target's network or on its volume, with the standard library
of Debian's python3-minimal and nothing else."""
