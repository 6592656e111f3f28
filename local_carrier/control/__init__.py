"""The control API, from this machine only: time, handsets, personas, faults, counts."""
