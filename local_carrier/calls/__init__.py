"""Calls: their life from the queue to the last callback, the line that both ends speak on, and who picks up."""
