"""Makes `import groundswell` and the command `groundswell` work in .venv, without a build step or the network."""

import os
import sys
import sysconfig
from pathlib import Path

root = Path(__file__).resolve().parent.parent
site_packages = Path(sysconfig.get_paths()["purelib"])
(site_packages / "groundswell.pth").write_text(f"{root / 'src'}\n")

command = Path(sys.executable).parent / "groundswell"
command.write_text(f"#!{sys.executable}\nimport sys\n\nfrom groundswell.cli import main\n\nsys.exit(main())\n")
os.chmod(command, 0o755)  # noqa: PTH101
