"""What the site shows of files that lie outside docs/: pages of the project's root, and the commented configurations. Links
in the sources are as they hold in the repository; here they are turned to where the same thing is in the site."""
import re
from pathlib import Path

from mkdocs.structure.files import File

PAGES = {"ARCHITECTURE.md": "architecture.md", "CHANGELOG.md": "changelog.md", "LICENSES.md": "licenses.md", "models/README.md": "models.md",
         "CONTRIBUTING.md": "contributing.md"}
FOLDERS = ("configs", "models", "packaging/licenses")


def in_site(target):
    """Where a path of the repository is in the site; None for what the site does not have."""
    path, _, anchor = target.partition("#")
    if path in PAGES:
        path = PAGES[path]
    elif path.startswith("docs/"):
        path = path[len("docs/"):]
    elif not any(path.startswith(folder + "/") for folder in FOLDERS):
        return None
    return path + ("#" + anchor if anchor else "")


def turn_links(text, page, source_folder):
    """`page`: the page's path in the site; `source_folder`: that of its source in the repository, to which its links are relative."""
    up = "../" * page.count("/")

    def turned(match):
        target = match[2]
        if re.match(r"[a-z]+:|#", target):
            return match[0]
        inside = in_site(str_path(source_folder, target))
        return f"[{match[1]}]({up}{inside})" if inside else match[1]

    return re.sub(r"\[([^\]]*)\]\(([^)\s]+)\)", turned, text)


def str_path(folder, target):
    parts = []
    for part in [*folder.split("/"), *target.split("/")]:
        if part == "..":
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def on_files(files, config):
    root = Path(config.config_file_path).parent
    for source, page in PAGES.items():
        files.append(File.generated(config, page, content=(root / source).read_text()))
    for pattern in ("configs/*", "models/*.json", "packaging/licenses/*.txt"):
        for file in sorted(root.glob(pattern)):
            files.append(File.generated(config, str(file.relative_to(root)), abs_src_path=str(file)))
    # Pages that the program wrote; beside a Markdown page of the same name they need another one.
    for file in sorted((root / "docs/results").glob("*.html")):
        files.append(File.generated(config, f"results/{file.stem}-page.html", abs_src_path=str(file)))
    return files


def on_page_markdown(markdown, page, config, files):
    source = {site: repository for repository, site in PAGES.items()}.get(page.file.src_uri)
    if source:
        return turn_links(markdown, page.file.src_uri, str(Path(source).parent) if "/" in source else "")
    # Pages of docs/: only what leads out of it needs turning.
    folder = str(Path("docs", page.file.src_uri).parent)

    def turned(match):
        target = str_path(folder, match[2])
        if re.fullmatch(r"docs/results/[a-z-]+\.html", target):
            return f"[{match[1]}]({match[2][:-len('.html')]}-page.html)"
        if re.match(r"[a-z]+:|#", match[2]) or target.startswith("docs/"):
            return match[0]
        inside = in_site(target)
        return f"[{match[1]}]({'../' * page.file.src_uri.count('/')}{inside})" if inside else match[1]

    return re.sub(r"\[([^\]]*)\]\(([^)\s]+)\)", turned, markdown)
