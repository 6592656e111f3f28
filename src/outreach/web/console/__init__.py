"""The staff console: pages on the bank's door.

A page is a route file in `pages/`, a template of the same name in `templates/`, one verb or query outside `web`, a
permission in `staff.permissions`, and a test in `tests/web/console/`. `door.PAGES` lists them.
"""
