"""When nobody is paged although something is wrong. It is recorded, and resolved, all the same."""
