"""Speed, memory and quality, measured as ratios against something measured in the same run."""
