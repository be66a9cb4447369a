"""Every link of the site, as its hooks turn them, leads to a page or file that the site has, and every page is in the
navigation: site_links_test.py SOURCE_FOLDER. Needs none of the site's tools; `make site` judges the anchors as well."""
import re
import sys
import types
from pathlib import Path
from types import SimpleNamespace

root = Path(sys.argv[1])


class File(SimpleNamespace):
    @classmethod
    def generated(cls, config, page, content=None, abs_src_path=None):
        return cls(src_uri=page, text=content)


for name in ("mkdocs", "mkdocs.structure", "mkdocs.structure.files"):
    sys.modules[name] = types.ModuleType(name)
sys.modules["mkdocs.structure.files"].File = File
sys.path.insert(0, str(root / "packaging/site"))
sys.dont_write_bytecode = True
import hooks  # noqa: E402

config = SimpleNamespace(config_file_path=str(root / "mkdocs.yml"))
files = [File(src_uri=str(file.relative_to(root / "docs")), text=file.read_text() if file.suffix == ".md" else None)
         for file in sorted((root / "docs").rglob("*")) if file.is_file() and file.suffix != ".html"]
files = hooks.on_files(files, config)
there = {file.src_uri for file in files}
pages = [file for file in files if file.src_uri.endswith(".md") and file.text]
assert len(pages) > 50, f"only {len(pages)} pages were found"

broken, links = [], 0
for page in pages:
    text = hooks.on_page_markdown(page.text, SimpleNamespace(file=page), config, None)
    text = re.sub(r"^( *)```.*?^\1```", "", text, flags=re.M | re.S)  # commands and listings hold no links
    for target in re.findall(r"\]\(([^)\s#]+)", text):
        if re.match(r"[a-z]+:", target):
            continue
        links += 1
        if hooks.str_path(str(Path(page.src_uri).parent), target) not in there:
            broken.append(f"{page.src_uri}: {target}")
assert links > 100, f"only {links} links were found"
assert not broken, "the site does not have what these links name; see packaging/site/hooks.py:\n  " + "\n  ".join(broken)

listed = set(re.findall(r"[\w/-]+\.md", (root / "mkdocs.yml").read_text().partition("\nnav:")[2]))
absent, unlisted = listed - there, {page.src_uri for page in pages} - listed
assert not absent, f"mkdocs.yml lists pages that are not there: {sorted(absent)}"
assert not unlisted, f"the navigation in mkdocs.yml lacks these pages: {sorted(unlisted)}"
