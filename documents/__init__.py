"""The documents that pass between rooms, the site file, coastline and geodesy readers."""
