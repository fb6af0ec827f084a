"""Why a GPU cannot be used, each reason with what to do about it."""

from workbench.backends.cupy.driver import cuda_words
from workbench.backends.cupy.finding import Finding
from workbench.backends.installed import INSTALL_CUPY

LEAST = 75
"""The compute capability, times ten, that kernels are written for: Turing, 2018."""
CUDA_12, CUDA_13 = 12000, 13000
_UPDATE = "Update it from nvidia.com/drivers, then start again."


def extra_for(driver: int) -> str:
    """Return the extra of this package whose CuPy a driver can run; one that is unknown runs CUDA 12 most likely."""
    return "cuda13" if driver >= CUDA_13 else "cuda12"


def install(driver: int) -> str:
    """Return the line that installs the CuPy that suits a driver."""
    return INSTALL_CUPY.replace("cuda12", extra_for(driver))


def package(driver: int) -> str:
    """Return the package of CuPy that suits a driver, with the CUDA libraries and headers it needs."""
    return f'"cupy-{extra_for(driver)}x[ctk]"'


def no_card() -> Finding:
    """There is nothing to be used."""
    return Finding(False, "no NVIDIA GPU in this machine")


def no_driver() -> Finding:
    """A card without its driver."""
    return Finding(
        False,
        "the driver of the NVIDIA GPU is not installed",
        "Install it from nvidia.com/drivers or your system's packages; in a container, start that with the GPU (docker "
        "run --gpus all).",
    )


def no_cupy(driver: int) -> Finding:
    """Nothing speaks to the card."""
    if 0 < driver < CUDA_12:
        return too_old(driver, CUDA_12)
    line = install(driver)
    speaks = f" The driver runs CUDA {cuda_words(driver)}." if driver else ""
    return Finding(False, "CuPy is not installed", f"Install it: {line}.{speaks}", driver=cuda_words(driver))


def several_packages(names: tuple[str, ...], driver: int) -> Finding:
    """Two builds of CuPy, of which each has overwritten files of the other."""
    return Finding(
        False,
        f"{len(names)} builds of CuPy are installed at once",
        f"{' and '.join(names)} overwrite each other. Remove them (pip uninstall {' '.join(names)}), then install the "
        f"one that suits: {install(driver)}.",
        driver=cuda_words(driver),
    )


def not_importable(said: str, driver: int) -> Finding:
    """CuPy, or a library it needs, cannot be loaded."""
    return Finding(
        False,
        f"CuPy cannot be loaded ({said})",
        f"Install it anew with the libraries it needs: pip install --force-reinstall {package(driver)}.",
        driver=cuda_words(driver),
    )


def too_old(driver: int, needed: int) -> Finding:
    """The driver is older than the CUDA that CuPy was built for."""
    about = f"the driver runs CUDA {cuda_words(driver)}, too old for CUDA {cuda_words(needed)}"
    advice = f"The NVIDIA driver is too old. {_UPDATE}"
    if driver >= CUDA_12 <= CUDA_13 <= needed:
        advice += f" Or use the CuPy for this driver: pip uninstall cupy-cuda13x, then {install(driver)}."
    return Finding(False, about, advice, driver=cuda_words(driver))


def no_device(said: str) -> Finding:
    """A driver that drives nothing."""
    return Finding(
        False,
        "the driver finds no GPU",
        f"It says: {said}. Look whether nvidia-smi lists one and whether CUDA_VISIBLE_DEVICES hides it; a restart "
        "helps after the driver was updated.",
    )


def busy(said: str) -> Finding:
    """Another program has the card for itself."""
    return Finding(
        False,
        "the GPU is in use by another program",
        f"It says: {said}. End what uses it (nvidia-smi lists that), or let it be shared (nvidia-smi -c DEFAULT).",
    )


def full(said: str) -> Finding:
    """Nothing is left of the card's memory."""
    return Finding(
        False,
        "the GPU's memory is taken by other programs",
        f"It says: {said}. End what uses it; nvidia-smi lists that.",
    )


def too_small(name: str, architecture: int) -> Finding:
    """The card is older than the kernels."""
    return Finding(
        False,
        f"{name} has compute capability {architecture / 10:.1f}, and {LEAST / 10:.1f} is needed",
        "Cards from 2018 on have that (GTX 16, RTX 20 and later).",
    )


def no_headers(driver: int) -> Finding:
    """CuPy without the toolkit's headers compiles nothing."""
    return Finding(
        False,
        "the CUDA headers that CuPy compiles with are missing",
        f"Install them: {install(driver)}, which brings CuPy with its [ctk] extra.",
        driver=cuda_words(driver),
    )


def no_compiling(said: str, driver: int) -> Finding:
    """The compiler refuses."""
    return Finding(
        False,
        f"a small kernel could not be compiled ({said})",
        "The CUDA libraries may be older than the card, or mixed. Install them anew: pip install --upgrade "
        f"{package(driver)}.",
        driver=cuda_words(driver),
    )


def no_running(said: str, driver: int) -> Finding:
    """It compiled, and did not run."""
    return Finding(
        False,
        f"a small kernel could not be run ({said})",
        "Restart the machine; if that does not help, update the driver and CuPy: pip install --upgrade "
        f"{package(driver)}.",
        driver=cuda_words(driver),
    )


def wrong_numbers(what: str, error: float) -> Finding:
    """It ran, and cannot be trusted."""
    return Finding(
        False,
        f"the GPU computed a {what} wrongly (error {error:.1e})",
        "Its memory may be damaged, or its driver and CuPy do not fit. Update both, and look at nvidia-smi -q.",
    )


def no_answer(seconds: float) -> Finding:
    """The driver hangs."""
    return Finding(
        False,
        f"the GPU did not answer within {seconds:.0f} seconds",
        "Restart the machine; until then nothing is run on it.",
    )


def broken_off(status: int, said: str) -> Finding:
    """The process that tried it died."""
    last = f" Its last words: {said}." if said else ""
    return Finding(
        False,
        f"trying the GPU broke off (exit status {status})",
        f"The driver or CuPy is damaged.{last} Install both anew.",
    )
