"""What people touch: command line, daily run, exports."""
