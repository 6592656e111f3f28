"""`make bench`: what the product does in a second, as ratios within one run. Nothing here is a test."""
