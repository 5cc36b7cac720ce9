"""The web server without any network: connections, bodies, headers, languages, logs, counters, problems."""
