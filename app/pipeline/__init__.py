"""From a request's body to every layer's numbers: body, image, tensor, network, ``Reading``. No response formats."""
