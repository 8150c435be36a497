"""Archives that a stranger made: honest ones open, all others are refused with a sentence and leave nothing behind."""

import gzip
import io
import os
import stat
import struct
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from lms_app.errors import Invalid
from lms_app.interchange.archives import Limits, open_archive

Member = tuple[tarfile.TarInfo, bytes]


@pytest.fixture(autouse=True)
def empty_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the test's own for temporary files, so that leftovers are seen."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def file_member(name: str, content: bytes = b"x") -> Member:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    return info, content


def special_member(name: str, kind: bytes, target: str = "") -> Member:
    info = tarfile.TarInfo(name)
    info.type = kind
    info.linkname = target
    return info, b""


def write_tar(path: Path, *members: Member, form: int = tarfile.PAX_FORMAT) -> Path:
    with tarfile.open(path, "w:gz", format=form) as tar:
        for info, content in members:
            tar.addfile(info, io.BytesIO(content))
    return path


def write_zip(path: Path, files: dict[str, bytes], change: Callable[[zipfile.ZipInfo], None] | None = None) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            if change:
                change(info)
            archive.writestr(info, content)
    return path


def refusal(path: Path, limits: Limits | None = None) -> str:
    with pytest.raises(Invalid) as refused:
        open_archive(path, limits)
    return refused.value.sentence


def test_a_tar_and_a_zip_of_the_same_files_read_the_same(tmp_path: Path) -> None:
    files = {"course/course.xml": b"<course/>", "course/static/a b é.txt": "grüße".encode() * 1000, "course/empty": b""}
    packed = [
        write_tar(tmp_path / "a.tar.gz", *(file_member(name, content) for name, content in files.items())),
        write_tar(tmp_path / "b.tar.gz", *(file_member(f"./{name}", content) for name, content in files.items()), form=tarfile.GNU_FORMAT),
        write_zip(tmp_path / "c.zip", files),
    ]
    (tmp_path / "d.tar").write_bytes(gzip.decompress(packed[0].read_bytes()))
    for path in [*packed, tmp_path / "d.tar"]:
        archive = open_archive(path)
        assert {name: archive.read(name) for name in archive} == files
        assert archive.size("course/static/a b é.txt") == len(files["course/static/a b é.txt"])


def test_an_open_archive_leaves_no_file_that_could_stay_behind(tmp_path: Path, empty_temporary_folder: Path) -> None:
    archive = open_archive(write_tar(tmp_path / "a.tar.gz", file_member("a", b"kept")))
    assert list(empty_temporary_folder.iterdir()) == []
    assert archive.read("a") == b"kept"


def test_the_litter_of_desktops_is_not_a_file_of_the_course(tmp_path: Path) -> None:
    names = ["a/course.xml", "a/._course.xml", "__MACOSX/a/course.xml", "a/.DS_Store", "a/Thumbs.db"]
    assert list(open_archive(write_zip(tmp_path / "a.zip", dict.fromkeys(names, b"x")))) == ["a/course.xml"]


@pytest.mark.parametrize("name", ["../evil", "a/../../evil", "/etc/passwd", "C:\\evil", "a\\..\\..\\evil", "\\\\host\\share"])
@pytest.mark.parametrize("form", ["tar", "zip"])
def test_names_that_point_outside_are_refused(tmp_path: Path, name: str, form: str) -> None:
    path = write_tar(tmp_path / "a.tar.gz", file_member(name)) if form == "tar" else write_zip(tmp_path / "a.zip", {name: b"x"})
    assert "points outside" in refusal(path)
    assert not (tmp_path / "evil").exists()
    assert not (tmp_path.parent / "evil").exists()


def test_a_folder_that_points_outside_is_refused_too(tmp_path: Path) -> None:
    assert "points outside" in refusal(write_tar(tmp_path / "a.tar.gz", special_member("../evil", tarfile.DIRTYPE)))


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        (tarfile.SYMTYPE, "a link"),
        (tarfile.LNKTYPE, "a link"),
        (tarfile.CHRTYPE, "a device"),
        (tarfile.BLKTYPE, "a device"),
        (tarfile.FIFOTYPE, "a device"),
        (b"Z", "a special file"),
    ],
)
def test_links_and_devices_in_a_tar_are_refused(tmp_path: Path, kind: bytes, word: str) -> None:
    members = [file_member("course/course.xml"), special_member("course/static/passwd", kind, "/etc/passwd")]
    assert word in refusal(write_tar(tmp_path / "a.tar.gz", *members))


def test_links_and_special_files_in_a_zip_are_refused(tmp_path: Path) -> None:
    for mode, word in [(stat.S_IFLNK, "a link"), (stat.S_IFIFO, "a special file"), (stat.S_IFCHR, "a special file")]:

        def become_special(info: zipfile.ZipInfo, mode: int = mode) -> None:
            info.external_attr = (mode | 0o777) << 16

        assert word in refusal(write_zip(tmp_path / "a.zip", {"course/link": b"/etc/passwd"}, become_special))


@pytest.mark.parametrize("form", ["tar", "zip"])
def test_two_files_of_one_name_are_refused(tmp_path: Path, form: str) -> None:
    if form == "tar":
        path = write_tar(tmp_path / "a.tar.gz", file_member("a/b"), file_member("./a//b"))
    else:
        path = write_zip(tmp_path / "a.zip", {"a/b": b"1", "a//b": b"2"})
    assert "two files of the same name" in refusal(path)


def test_names_that_differ_only_in_how_an_accent_is_written_are_the_same_name(tmp_path: Path) -> None:
    assert "two files of the same name" in refusal(write_zip(tmp_path / "a.zip", {"\u00e9": b"1", "e\u0301": b"2"}))


@pytest.mark.parametrize("name", ["a\u202egnp.exe", "a\x01b", "a\nb"])
def test_names_with_invisible_characters_are_refused(tmp_path: Path, name: str) -> None:
    assert "invisible characters" in refusal(write_tar(tmp_path / "a.tar.gz", file_member(name)))


def test_a_name_in_an_unknown_encoding_is_refused(tmp_path: Path) -> None:
    info, content = file_member("caf\xe9")
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz", format=tarfile.USTAR_FORMAT, encoding="latin-1") as tar:
        tar.addfile(info, io.BytesIO(content))
    assert refusal(tmp_path / "a.tar.gz")
    write_zip(tmp_path / "a.zip", {"cafe": b"x"})
    (tmp_path / "a.zip").write_bytes((tmp_path / "a.zip").read_bytes().replace(b"cafe", b"caf\xe9"))
    assert "encoding" in refusal(tmp_path / "a.zip")


def test_a_zip_whose_names_are_utf8_without_saying_so_opens(tmp_path: Path) -> None:
    write_zip(tmp_path / "a.zip", {"cafee": b"x"})
    (tmp_path / "a.zip").write_bytes((tmp_path / "a.zip").read_bytes().replace(b"cafee", "café".encode()))
    assert list(open_archive(tmp_path / "a.zip")) == ["café"]


def test_deep_folders_and_long_names_are_refused(tmp_path: Path) -> None:
    assert "too deep" in refusal(write_tar(tmp_path / "a.tar.gz", file_member("a/" * 30 + "b")))
    assert "too deep" in refusal(write_tar(tmp_path / "a.tar.gz", file_member("a" * 500)))


@pytest.mark.parametrize("form", ["tar", "zip"])
def test_too_many_files_are_refused(tmp_path: Path, form: str) -> None:
    names = [f"f{number}" for number in range(60)]
    path = tmp_path / f"a.{form}"
    write_tar(path, *map(file_member, names)) if form == "tar" else write_zip(path, dict.fromkeys(names, b""))
    assert "too many files" in refusal(path, Limits(entries=50))
    assert len(open_archive(path, Limits(entries=60))) == 60


def test_a_zip_with_a_giant_table_of_contents_is_refused_before_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04" + b"\0" * 100 + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, 0x7FFFFFFF, 0, 0))
    assert "too many files" in refusal(tmp_path / "a.zip")


@pytest.mark.parametrize("form", ["tar", "zip"])
def test_a_bomb_by_ratio_is_refused(tmp_path: Path, form: str) -> None:
    bomb = bytes(20 << 20)
    path = tmp_path / f"a.{form}"
    write_tar(path, file_member("bomb", bomb)) if form == "tar" else write_zip(path, {"bomb": bomb})
    assert path.stat().st_size < 100_000
    assert "suspicious multiple" in refusal(path)


@pytest.mark.parametrize("form", ["tar", "zip"])
def test_a_bomb_by_size_is_refused(tmp_path: Path, form: str) -> None:
    noise = os.urandom(3 << 20)
    path = tmp_path / f"a.{form}"
    write_tar(path, file_member("big", noise)) if form == "tar" else write_zip(path, {"big": noise})
    assert "too large" in refusal(path, Limits(expanded=2 << 20))


def test_a_zip_whose_entries_share_one_body_is_counted_by_what_comes_out(tmp_path: Path) -> None:
    body = os.urandom(1 << 20)
    write_zip(tmp_path / "a.zip", {f"f{number}": body for number in range(4)})
    assert "too large" in refusal(tmp_path / "a.zip", Limits(expanded=3 << 20))


def test_a_sparse_file_is_refused(tmp_path: Path) -> None:
    info = tarfile.TarInfo("sparse")
    info.type = tarfile.GNUTYPE_SPARSE
    assert refusal(write_tar(tmp_path / "a.tar.gz", (info, b""), form=tarfile.GNU_FORMAT))
    info, content = file_member("sparse", b"x" * 512)
    info.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": "999999999999", "GNU.sparse.name": "s"}
    assert refusal(write_tar(tmp_path / "a.tar.gz", (info, content)))


def test_headers_with_impossible_sizes_are_refused(tmp_path: Path) -> None:
    for size in (-512, -1, 1 << 62):
        info = tarfile.TarInfo("a")
        header = bytearray(info.tobuf(tarfile.GNU_FORMAT))
        header[124:136] = (b"\x80" if size > 0 else b"\xff") + (size % (1 << 88)).to_bytes(11, "big")
        header[148:156] = b" " * 8
        header[148:156] = b"%06o\0 " % sum(header)
        (tmp_path / "a.tar.gz").write_bytes(gzip.compress(bytes(header) + bytes(2048)))
        assert "damaged" in refusal(tmp_path / "a.tar.gz")


def test_a_giant_extension_header_is_refused(tmp_path: Path) -> None:
    info, content = file_member("a")
    info.pax_headers = {"comment": "x" * 200_000}
    assert "impossible size" in refusal(write_tar(tmp_path / "a.tar.gz", (info, content)))


def test_a_locked_zip_is_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"a": b"x"})
    content = bytearray(path.read_bytes())
    content[content.find(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    assert "password" in refusal(path)


def test_a_zip_packed_in_an_unusual_way_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a", b"x")
    assert "ordinary .zip" in refusal(tmp_path / "a.zip")


@pytest.mark.parametrize("content", [b"", b"hello", b"\x1f\x8b", b"PK\x03\x04", b"Rar!\x1a\x07\x00", b"\xfd7zXZ\x00", b"BZh9"])
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a").write_bytes(content)
    assert refusal(tmp_path / "a")


def test_a_cut_or_damaged_archive_is_refused_and_never_read_in_part(tmp_path: Path) -> None:
    members = [file_member(f"f{number}", os.urandom(5000)) for number in range(5)]
    whole = write_tar(tmp_path / "a.tar.gz", *members).read_bytes()
    (tmp_path / "cut.tar.gz").write_bytes(whole[: len(whole) // 2])
    assert "damaged" in refusal(tmp_path / "cut.tar.gz")
    plain = bytearray(gzip.decompress(whole))
    plain[512 + 5120 : 512 + 5120 + 200] = b"\xaa" * 200
    (tmp_path / "scratched.tar.gz").write_bytes(gzip.compress(bytes(plain)))
    assert "damaged" in refusal(tmp_path / "scratched.tar.gz")
    changed = bytearray(write_zip(tmp_path / "a.zip", {"a": os.urandom(5000)}).read_bytes())
    changed[2000] ^= 0xFF
    (tmp_path / "a.zip").write_bytes(changed)
    assert "damaged" in refusal(tmp_path / "a.zip")
