"""The routes of the console, one file per page; each verifies, parses, calls one verb and renders."""
