"""What people are told, by which channel, how often it is tried, and when it may wait."""
