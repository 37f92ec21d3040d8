"""From a Sentinel product to patches."""
