"""The HTTP routes: each reads a request, calls the rooms below, and writes what they return."""
