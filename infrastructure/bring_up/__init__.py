"""What `make up` and its sister doors run: the standard library only, so that it works on a bare machine."""
