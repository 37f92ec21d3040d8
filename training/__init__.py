"""Data sets, the scene simulator, the training loop, evaluation against peers."""
