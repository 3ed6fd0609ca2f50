"""On call: who it is, how it is planned, and how an incident reaches them."""
