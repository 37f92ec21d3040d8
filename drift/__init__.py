"""From patches to tracks: forcing, particle ensemble, stranding, risk."""
