"""Refuses a site whose pages, styles or scripts would load anything from another host: check.py SITE. Links that a reader
may follow are his own."""
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

LOADED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "audio": "src", "video": "src", "object": "data", "embed": "src"}
found = []


class Loads(HTMLParser):
    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        address = attributes.get(LOADED.get(tag, ""), "") or ""
        if tag == "link" and attributes.get("rel") not in ("canonical", "next", "prev"):
            address = attributes.get("href", "")
        if re.match(r"(https?:)?//", address):
            found.append(f"{self.page}: <{tag}> {address}")


site = Path(sys.argv[1])
pages = sorted(site.rglob("*.html"))
for page in pages:
    reader = Loads()
    reader.page = page
    reader.feed(page.read_text())
for style in site.rglob("*.css"):
    found += [f"{style}: {address}" for address in re.findall(r"url\([\"']?((?:https?:)?//[^)\"']+)", style.read_text())]
for script in (file for pattern in ("bundle*.js", "search*.js") for file in site.rglob(pattern) if file.name != "search_index.js"):
    found += [f"{script}: {address}" for address in re.findall(r"https?://(?:unpkg|cdn|fonts)[^\"'` ]*", script.read_text())]
if found:
    sys.exit("these would be loaded from elsewhere:\n  " + "\n  ".join(found))
index = site / "search/search_index.js"
if not index.exists() or "diagnos" not in index.read_text():
    sys.exit("the search has no index that works from files")
print(f"{len(pages)} pages in {site}, {sum(file.stat().st_size for file in site.rglob('*') if file.is_file()) / 1e6:.1f} MB; open {site}/index.html")
