"""A mailbox for the lab: takes every email and every webhook, so that a delivered page can be looked at."""
