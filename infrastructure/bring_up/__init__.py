"""What `make up` and its sister doors run: only the standard library, so that it works before anything is installed."""
