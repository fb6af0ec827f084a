import os
from hashlib import sha256
from pathlib import Path

import pytest

from workbench.tasks import TaskError
from workbench.tasks.support.files import reading
from workbench.tasks.support.files.reading import LARGEST, Encoding, TextPieces, hash_of_file, refuse_other_file


def written(folder: Path, content: bytes) -> str:
    path = folder / "text.txt"
    path.write_bytes(content)
    return str(path)


def read_text(path: str) -> str:
    return "".join(TextPieces(path))


def test_a_text_comes_with_the_hash_of_its_bytes(tmp_path: Path) -> None:
    content = "Zoë\n".encode()
    path = written(tmp_path, content)
    pieces = TextPieces(path)
    assert "".join(pieces) == "Zoë\n"
    assert pieces.sha256 == hash_of_file(path) == sha256(content).hexdigest()


def test_line_ends_of_all_systems_are_one_character(tmp_path: Path) -> None:
    assert read_text(written(tmp_path, b"a\r\nb\rc\n")) == "a\nb\nc\n"


def test_a_byte_order_mark_is_no_character(tmp_path: Path) -> None:
    assert read_text(written(tmp_path, b"\xef\xbb\xbfa")) == "a"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "byte 8 is zero"),
        ("Text".encode("utf-16"), "UTF-16 text, by its first two bytes"),
        ("Text".encode("utf-16-le"), "byte 1 is zero.*UTF-16"),
        (b"caf\xe9", 'byte 3 is 0xe9.*"cp1252"'),
        (b"caf\xc3", "byte 3 is 0xc3"),
    ],
)
def test_what_is_no_text_is_refused_with_the_reason(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(TaskError, match=reason):
        read_text(written(tmp_path, content))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(TaskError, match=r"There is no file .*absent"):
        read_text(str(tmp_path / "absent"))


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TaskError, match="is a folder"):
        read_text(str(tmp_path))


def test_a_larger_file_is_refused_by_its_size_alone(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(TaskError, match=r"has 1\.0 GiB; the limit is 1\.0 GiB"):
        read_text(str(path))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(TaskError, match="device or a pipe"):
        read_text(str(tmp_path / "pipe"))


def test_a_path_no_system_allows_is_refused() -> None:
    with pytest.raises(TaskError, match="cannot be read"):
        read_text("a\0b")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252", "latin-1"])
def test_a_text_is_the_same_however_it_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: Encoding
) -> None:
    content = "Zoë\r\nliest, naïvement.\r".encode(encoding)
    pieces = TextPieces(written(tmp_path, content), encoding)
    for size in (1, 2, 3, 1000):
        monkeypatch.setattr(reading, "PIECE", size)
        assert "".join(pieces) == "Zoë\nliest, naïvement.\n"
        assert pieces.sha256 == sha256(content).hexdigest()


def test_the_wrong_byte_is_counted_from_the_beginning_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = "é".encode() * 50 + b"\xe9."
    for size in (1, 3, 7, 1000):
        monkeypatch.setattr(reading, "PIECE", size)
        with pytest.raises(TaskError, match="byte 100 is 0xe9"):
            list(TextPieces(written(tmp_path, content)))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="this user may read everything")
def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, b"text")
    Path(path).chmod(0)
    with pytest.raises(TaskError, match="cannot be read"):
        read_text(path)


def test_a_file_is_known_again_by_its_hash(tmp_path: Path) -> None:
    path = written(tmp_path, b"text")
    for expected in ("", hash_of_file(path)):
        refuse_other_file(path, expected, hash_of_file(path))
    with pytest.raises(TaskError, match=f"no longer the one it was: its SHA-256 began with {'a' * 8} and now begins"):
        refuse_other_file(path, "a" * 64, hash_of_file(path))
