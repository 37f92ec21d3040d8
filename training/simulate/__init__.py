"""The scene simulator: a Sentinel-2 product off a site's coast, with green tide in it and its truth beside it."""
