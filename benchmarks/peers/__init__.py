"""What a user would pick instead of this server, each in a page of code, with our decoding, preparing and network."""
