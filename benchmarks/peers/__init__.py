"""The alternatives to this server, each in a page of code, with its decoding, preprocessing and networks."""
