"""What a paper must say, how its template is written, how it is numbered. Pure."""
