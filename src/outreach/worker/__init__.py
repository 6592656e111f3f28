"""The worker: `tasks` what it can be asked to do · `sweep` finds what nobody asked for · `loop` runs both."""
