"""Which work runs when: batches, limits, worker threads, cancellation, priority. It knows nothing of networks."""
