"""Write training's square of each named picture to standard output, size * size * 3 bytes each."""

import sys
from pathlib import Path

from training.preprocess import area_resize, load_preprocess, open_upright

size = load_preprocess().size
for name in sys.argv[1:]:
    sys.stdout.buffer.write(area_resize(open_upright(Path(name)), size).tobytes())
