"""Names for the arrays that every package passes on."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float32]
DoubleArray: TypeAlias = npt.NDArray[np.float64]
ByteArray: TypeAlias = npt.NDArray[np.uint8]
