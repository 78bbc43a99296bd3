"""What holds of ratings whatever the machine: words, limits, the road of a bad one."""
