import tarfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from smart_image_scraper.shards.tar import Sample, Shard, _header


@given(
    name=st.from_regex(r"[0-9]{6,12}\.(jpg|png|webp|json|txt)", fullmatch=True),
    length=st.integers(0, 8**11 - 1),
)
def test_a_header_is_that_of_the_standard_library(name: str, length: int) -> None:
    member = tarfile.TarInfo(name)
    member.size = length

    assert _header(name, length) == member.tobuf(tarfile.USTAR_FORMAT)


def test_a_shard_holds_what_was_added_in_its_order(tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"x" * 512)
    sample = Sample(
        key="000", photo="flickr:1", file=str(photo), ending=".jpg", caption="", values=b"{}"
    )
    shard = Shard(tmp_path / "00000.tar")

    shard.add(sample)
    shard.end()
    shard.close()

    with tarfile.open(tmp_path / "00000.tar") as tar:
        found = {member.name: tar.extractfile(member) for member in tar.getmembers()}
        contents = {name: file.read() for name, file in found.items() if file is not None}
    assert contents == {"000.jpg": b"x" * 512, "000.json": b"{}", "000.txt": b""}
