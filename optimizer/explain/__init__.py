"""Why not: the reasons and prices of what a plan does not do, each by a forced re-solve with a bound."""
