"""Which work runs when: batches, limits, worker threads, cancellation, priority. Independent of networks."""
