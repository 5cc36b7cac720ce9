"""The HTTP routes: each reads a request, calls the packages below, and formats the result."""
