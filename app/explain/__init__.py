"""Why a network answered as it did: sums taken apart, gradients, covered images, units left out."""
