"""Faults on purpose: processes killed, databases restarted, carriers that lie; and what was promised, measured."""
