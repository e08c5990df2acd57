from __future__ import annotations

import os
import socket
import warnings
import zipfile
from pathlib import Path
from typing import Any

import pytest

from articleqa import (
    ArticleNotFoundError,
    ArticleReadError,
    DamagedTextWarning,
    DuplicateArticleError,
    SkippedFileWarning,
    load_articles,
)


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def test_a_folder_is_searched_deeply_in_sorted_order(tmp_path: Path) -> None:
    write(tmp_path, {"b.txt": "B.", "a/z.md": "Z.", "a/b/c.txt": "C.", "a.txt": "A.", "README": "R."})
    articles = load_articles(tmp_path)
    assert [article.id for article in articles] == ["README", "a/b/c.txt", "a/z.md", "a.txt", "b.txt"]
    assert articles[1].source == str(tmp_path / "a/b/c.txt")
    assert articles[2].media_type == "text/markdown"


def test_a_named_file_is_read_whatever_its_suffix(tmp_path: Path) -> None:
    write(tmp_path, {"notes.log": "It rained."})
    (article,) = load_articles(str(tmp_path / "notes.log"))
    assert (article.id, article.text, article.source) == (
        "notes.log",
        "It rained.",
        str(tmp_path / "notes.log"),
    )


def test_paths_are_loaded_in_the_order_given(tmp_path: Path) -> None:
    write(tmp_path, {"b.txt": "B.", "a.txt": "A."})
    paths = (tmp_path / name for name in ("b.txt", "a.txt"))
    assert [article.id for article in load_articles(paths)] == ["b.txt", "a.txt"]


def test_nothing_gives_nothing(tmp_path: Path) -> None:
    assert load_articles([]) == load_articles(tmp_path) == []


@pytest.mark.parametrize(
    "text", ["", "\n\n", "a\rb\rc", "a\r\nb\r\n\r\nc", "\x0c", "x" * 100_000, "a\u2028b"]
)
def test_the_text_is_the_file_unchanged(tmp_path: Path, text: str) -> None:
    write(tmp_path, {"a.txt": text, "b.md": text})
    assert [article.text for article in load_articles(tmp_path)] == [text, text]


def test_hidden_files_are_passed_over_in_silence(tmp_path: Path) -> None:
    write(tmp_path, {".hidden.txt": "H.", ".git/config": "G.", "a.txt": "A."})
    assert [article.id for article in load_articles(tmp_path)] == ["a.txt"]


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.jpg", b"\xff\xd8\xff"), ("a.py", b"pass"), ("a.zip.part", b"PK\3\4"), ("a.txt", b"\0\1\2\3")],
)
def test_what_is_not_read_from_a_folder_is_named(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.warns(SkippedFileWarning, match=name):
        assert load_articles(tmp_path) == []


def test_a_named_binary_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\0\1\2\3")
    with pytest.raises(ArticleReadError, match=r"a\.txt: neither text nor a supported format"):
        load_articles(tmp_path / "a.txt")


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (b"\xff.", "1 character is not valid utf-8 and is read"),
        (b"\xff.\xff.", "2 characters are not valid utf-8 and are read"),
    ],
)
def test_a_damaged_file_keeps_its_text_and_says_so(tmp_path: Path, damage: bytes, told: str) -> None:
    (tmp_path / "a.txt").write_bytes("Déjà vu, très bien".encode() + damage)
    with pytest.warns(DamagedTextWarning, match=told):
        (article,) = load_articles(tmp_path)
    assert article.text == "Déjà vu, très bien" + damage.decode(errors="replace")
    assert article.metadata["replaced_characters"] == damage.count(b"\xff")


@pytest.mark.parametrize("name", ["missing", "a.txt/b", "dangling"])
def test_a_path_that_does_not_exist_is_not_found(tmp_path: Path, name: str) -> None:
    write(tmp_path, {"a.txt": "A."})
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    with pytest.raises(ArticleNotFoundError, match="no such file or folder"):
        load_articles(tmp_path / name)


@pytest.mark.parametrize("path", ["a\0b", "a\ud800b", "x" * 5000])
def test_a_path_that_no_file_can_have_is_a_read_error(path: str) -> None:
    with pytest.raises(ArticleReadError, match="cannot be read"):
        load_articles(path)


def test_a_loop_of_links_is_a_read_error_or_skipped(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "b.txt")
    (tmp_path / "b.txt").symlink_to(tmp_path / "a.txt")
    with pytest.raises(ArticleReadError):
        load_articles(tmp_path / "a.txt")
    with pytest.warns(SkippedFileWarning):
        assert load_articles(tmp_path) == []


def test_links_to_files_are_read_and_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    write(tmp_path, {"folder/a.txt": "A."})
    (tmp_path / "folder/up").symlink_to(tmp_path)
    (tmp_path / "folder/b.txt").symlink_to(tmp_path / "folder/a.txt")
    assert [article.id for article in load_articles(tmp_path / "folder")] == ["a.txt", "b.txt"]


def test_pipes_sockets_and_dangling_links_in_a_folder_are_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe.txt")
    Path("link.txt").symlink_to("nowhere")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.txt")
        with pytest.warns(SkippedFileWarning) as caught:
            assert load_articles(".") == []
        with pytest.raises(ArticleReadError, match="neither a file nor a folder"):
            load_articles("socket.txt")
    skipped = [str(warning.message).split()[1].rstrip(":") for warning in caught]
    assert skipped == ["link.txt", "pipe.txt", "socket.txt"]


def test_an_unreadable_file_is_skipped_in_a_folder_and_an_error_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"a.txt": "A.", "b.txt": "B."})
    opened = Path.open

    def refuse(path: Path, *args: Any) -> Any:
        if path.name == "a.txt":
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *args)

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.warns(SkippedFileWarning, match=r"a\.txt: cannot be read \(permission denied\)"):
        assert [article.id for article in load_articles(tmp_path)] == ["b.txt"]
    with pytest.raises(ArticleReadError, match="permission denied"):
        load_articles(tmp_path / "a.txt")


def test_a_file_that_cannot_be_looked_at_is_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # As in a folder that may be listed and not entered.
    write(tmp_path, {"a.txt": "A.", "b.txt": "B."})
    look = Path.stat

    def refuse(path: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        if path.name == "a.txt":
            raise PermissionError(13, "Permission denied", str(path))
        return look(path, follow_symlinks=follow_symlinks)

    monkeypatch.setattr(Path, "stat", refuse)
    with pytest.warns(SkippedFileWarning, match="permission denied"):
        assert [article.id for article in load_articles(tmp_path)] == ["b.txt"]


@pytest.mark.parametrize("unreadable", ["", "inner"])
def test_an_unreadable_folder_is_an_error_by_name_and_skipped_below(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unreadable: str
) -> None:
    write(tmp_path, {"a.txt": "A.", "inner/b.txt": "B."})
    scan = os.scandir

    def refuse(path: str) -> object:
        if Path(path) == tmp_path / unreadable:
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    if unreadable:
        with pytest.warns(SkippedFileWarning, match="inner: the folder cannot be read"):
            assert [article.id for article in load_articles(tmp_path)] == ["a.txt"]
    else:
        with pytest.raises(ArticleReadError, match="the folder cannot be read"):
            load_articles(tmp_path)


def test_a_file_and_a_part_of_an_archive_with_one_id_are_refused(tmp_path: Path) -> None:
    write(tmp_path, {"x/n.zip/a.txt": "One."})
    (tmp_path / "y").mkdir()
    with zipfile.ZipFile(tmp_path / "y" / "n.zip", "w") as archive:
        archive.writestr("a.txt", "Two.")
    with pytest.raises(DuplicateArticleError, match=r"x/n\.zip/a\.txt and .*y/n\.zip/a\.txt; rename one"):
        load_articles([tmp_path / "x", tmp_path / "y"])


def test_the_same_file_named_twice_is_loaded_once(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": "A."})
    assert len(load_articles([tmp_path, tmp_path / "a.txt", tmp_path / "." / "a.txt"])) == 1


@pytest.mark.parametrize("name", ["a\nb.txt", "naïve — 日本.txt", " .txt", "a#1.txt", "%s{}.txt"])
def test_odd_names_are_kept(tmp_path: Path, name: str) -> None:
    write(tmp_path, {name: "A."})
    assert [article.id for article in load_articles(tmp_path)] == [name]


def test_a_name_that_is_no_text_is_written_with_escapes(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    with open(path, "wb") as file:  # noqa: PTH123 (a path of bytes)
        file.write(b"It rained.")
    (article,) = load_articles(tmp_path)
    assert article.id == r"caf\xe9.txt"
    assert article.text == "It rained."


def test_loading_plain_files_warns_of_nothing(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": "A.", "b.md": "# B\n\nText."})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(load_articles(tmp_path)) == 2


def test_an_index_on_disk_in_a_folder_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("An article.")
    (tmp_path / "kb").mkdir()
    (tmp_path / "kb" / "articles.sqlite").write_bytes(b"")
    (tmp_path / "kb" / "b.txt").write_text("None.")
    assert [article.id for article in load_articles(tmp_path)] == ["a.txt"]
