"""Campaigns: `audience` whom · `plan` attempts · `standing` what the permission rule is told · `open` what falls due ·
`claim` and `send` the one path to the carrier · `settle` what came of it · `contact` one customer now · `report`.
"""
