"""Where the files that come with the program lie: cells, presets, data."""

from pathlib import Path


def resource_path(*parts: str) -> Path:
    """Return the path of a bundled file, from a checkout or from an installed wheel.

    A checkout keeps ``resources/`` beside the package; the wheel carries it inside.
    """
    package = Path(__file__).resolve().parent
    inside = package / "resources"
    root = inside if inside.is_dir() else package.parent / "resources"
    return root.joinpath(*parts)
