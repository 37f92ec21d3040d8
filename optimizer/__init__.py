"""From a problem to a plan with a proven bound; and, apart from that, the checker."""
