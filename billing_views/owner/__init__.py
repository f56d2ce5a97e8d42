"""Pages of an association's own door: what owners see."""
