"""Makes `import groundswell` and the command `groundswell` work in .venv, without a build step or the network."""

import os
import sys
import sysconfig
from pathlib import Path

# A shell line first: the kernel takes no interpreter with a blank in its path, or longer than 127 bytes.
COMMAND = """#!/bin/sh
'''exec' "$(dirname "$(readlink -f "$0")")/python" "$0" "$@"
' '''
import sys

from groundswell.cli import main

sys.exit(main())
"""

root = Path(__file__).resolve().parent.parent
site_packages = Path(sysconfig.get_paths()["purelib"])
(site_packages / "groundswell.pth").write_text(f"{root / 'src'}\n", encoding="utf-8")

command = Path(sys.executable).parent / "groundswell"
command.write_text(COMMAND)
os.chmod(command, 0o755)  # noqa: PTH101
