"""Make ``.venv`` from a Python of this machine and install the locked requirements into it.

Called by make with the requirement files to install. Runs under the system's Python, before
anything is installed, hence the standard library only and no syntax newer than Python 3.6.
"""

import glob
import os
import shutil
import subprocess
import sys
import sysconfig

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
OLDEST = (3, 11)

TOO_OLD = """\
OneDoor needs Python {wanted} or newer; {found} is Python {version}.
Install one (Debian, Ubuntu: apt install python3; openEuler, RHEL: dnf install python3.11),
or name it: make PYTHON=/path/to/python3.11 setup
"""
NO_INSTALLER = """\
This Python can make an environment but has nothing to install packages with.
Install one of these, then run make again:
    Debian, Ubuntu         apt install python3-venv
    openEuler, RHEL        dnf install python3-pip
    anywhere               the program `uv`, on the PATH
"""


def newest_python() -> "str | None":
    """Return a Python of this machine that is new enough, or None."""
    for minor in range(14, OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        ask = f"import sys; sys.exit(sys.version_info < {OLDEST})"
        if found and subprocess.call([found, "-c", ask], stderr=subprocess.DEVNULL) == 0:
            return found
    return None


def works(*command: str) -> bool:
    """Say whether a command can be run at all and succeeds, without a word of it."""
    try:
        return subprocess.call(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def run(*command: str) -> None:
    """Run a command in the open; stop with its status when it fails."""
    status = subprocess.call(command)
    if status:
        sys.stderr.write(f"make: failed: {' '.join(command)}\n")
        sys.exit(status)


def make_environment() -> None:
    """Create ``.venv`` with an installer in it, by whichever of four ways this machine offers."""
    if works(PYTHON, "-m", "pip", "--version") or works(os.path.join(VENV, "bin", "uv"), "-V"):
        return
    print(f"Making .venv with {sys.executable}")
    if works(sys.executable, "-m", "venv", "--clear", VENV):
        return
    # Debian splits ensurepip from Python: an environment without pip can still be made.
    if not works(sys.executable, "-m", "venv", "--clear", "--without-pip", VENV):
        sys.exit(NO_INSTALLER)
    if works(sys.executable, "-m", "pip", "--python", PYTHON, "install", "-q", "pip"):
        return
    if shutil.which("uv"):
        return
    for wheel in sorted(glob.glob("/usr/share/python-wheels/pip-*.whl")):
        if works(PYTHON, os.path.join(wheel, "pip"), "install", "-q", "pip"):
            return
    shutil.rmtree(VENV)
    sys.exit(NO_INSTALLER)


def installer() -> "list[str]":
    """Return the command that installs packages: uv for its speed, else pip."""
    inside = os.path.join(VENV, "bin", "uv")
    if not works(inside, "-V"):
        works(PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "uv>=0.9,<1")
    for uv in (inside, shutil.which("uv")):
        if uv and works(uv, "-V"):
            # Compiled here once, not at the start of every process.
            return [uv, "pip", "install", "--python", PYTHON, "--quiet", "--compile-bytecode"]
    return [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]


def link_checkout() -> None:
    """Put this checkout on the environment's path and its command line into ``.venv/bin``.

    The same as an editable install, without a build tool that no lock file covers.
    """
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = subprocess.check_output([PYTHON, "-c", ask], universal_newlines=True).strip()
    with open(os.path.join(packages, "onedoor.pth"), "w") as file:
        file.write(ROOT + "\n")
    command = os.path.join(VENV, "bin", "onedoor")
    with open(command, "w") as file:
        file.write(f"#!{PYTHON}\nimport sys\n\nfrom onedoor.cli import main\n\n")
        file.write("sys.exit(main())\n")
    os.chmod(command, 0o755)


def main() -> None:
    if sys.version_info < OLDEST:
        newer = newest_python()
        if newer:
            os.execv(newer, [newer, *sys.argv])
        sys.exit(
            TOO_OLD.format(
                wanted=".".join(map(str, OLDEST)),
                found=sys.executable,
                version=sysconfig.get_python_version(),
            )
        )
    make_environment()
    install = installer()
    for requirements in sys.argv[1:]:
        print(f"Installing {requirements}")
        run(*install, "--require-hashes", "-r", os.path.join(ROOT, requirements))
    link_checkout()


if __name__ == "__main__":
    main()
