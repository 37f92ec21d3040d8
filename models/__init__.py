"""Network architectures and the shipped weights with their model cards; networks only."""
