"""The copyright file is in Debian's machine-readable format: every licence that a part names has its text once."""
import re
import sys
from pathlib import Path

root = Path(sys.argv[1])
paragraphs = (root / "packaging/debian/copyright").read_text().strip().split("\n\n")
fields = [dict(re.findall(r"^([A-Z][\w-]*):[ \t]?(.*(?:\n[ \t].*)*)", paragraph, re.M)) for paragraph in paragraphs]
assert fields[0]["Format"] == "https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/"
named, texts = set(), []
for paragraph in fields[1:]:
    if "Files" in paragraph:
        assert paragraph["Copyright"].strip() and paragraph["License"].strip(), paragraph["Files"]
        named |= set(re.split(r"\s+and\s+", paragraph["License"].strip()))
    else:
        name, _, text = paragraph["License"].partition("\n")
        assert len(text.split()) > 8, f"{name} has no text"
        texts.append(name.strip())
        for common in re.findall(r"/usr/share/common-licenses/([A-Za-z0-9.-]*[A-Za-z0-9])", text):
            assert Path("/usr/share/common-licenses", common).exists(), f"{common} is not among the common licences"
assert len(texts) == len(set(texts)), "a licence has two texts"
assert named == set(texts), f"named but without text, or the other way round: {named ^ set(texts)}"
for line in (root / "LICENSES.md").read_text().splitlines():
    for target in re.findall(r"\]\(([^)]+)\)", line):
        assert (root / target).exists(), f"LICENSES.md names {target}, which is not there"
