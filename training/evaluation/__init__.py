"""How good detection is, measured: real scenes beside the peers, mixtures on real water, simulated scenes, pictures."""
