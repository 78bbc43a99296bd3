"""Pages of ratings: the public's and the office's."""
