"""The two doors: `carrier_door` for signed webhooks, `bank_door` for the bank's own network."""
