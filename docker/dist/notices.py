#!/usr/bin/env python3
"""What the runnable jar contains of others: its bill of materials and their licences.

    docker/dist/notices.py JAR BOM CLASSPATH JDK BOM-OUT NOTICES-OUT

BOM is CycloneDX's list of all dependencies, CLASSPATH a file with the jars of those dependencies.
Of both, only what is in JAR is kept, which is decided by its bytes. Fails if JAR has a class that is
neither ours nor of a listed library.
"""

import json
import re
import sys
import zipfile
from pathlib import Path

OURS = "dev/fanfare/"
# Libraries of the console's pages, which are no dependencies of Maven: name, property, licence
PAGES = [("lit-html", "lit-html.version", "BSD-3-Clause"), ("uplot", "uplot.version", "MIT")]
# Licences whose text is not in the library's jar: of two, the one that is chosen here
CHOSEN = {
    "h2-mvstore": "MPL-2.0",
    "logback-classic": "LGPL-2.1",
    "logback-core": "LGPL-2.1",
    "mariadb-java-client": "LGPL-2.1",
    "re2j": "BSD-3-Clause-Go",
    "reactive-streams": "MIT-0",
    "redis-authx-core": "MIT",
}
PAGES_FOLDER = OURS + "console/pages/vendor/"
TEXT = re.compile(
    r"(?i)^(?:META-INF/)?(?:licenses?/)?[^/]*(?:licen[cs]e|notice|copying|copyright)[^/]*$"
)


def is_code(name):
    return name.endswith((".class", ".so", ".jnilib", ".dll"))


def files(jar):
    """Name -> (CRC, size) of all files in a jar."""
    with zipfile.ZipFile(jar) as zipped:
        return {i.filename: (i.CRC, i.file_size) for i in zipped.infolist() if not i.is_dir()}


def texts(jar):
    """Texts of licences in a jar, each once."""
    with zipfile.ZipFile(jar) as zipped:
        found = {}
        for name in sorted(zipped.namelist()):
            if TEXT.match(name) and not is_code(name):
                text = zipped.read(name).decode("utf-8", "replace").replace("\r\n", "\n")
                found[text.strip("\n")] = name
        return [(name, text) for text, name in found.items()]


def missing_text(root, component):
    """The text of a licence that the library's jar does not have."""
    if component["name"] in CHOSEN:
        name = CHOSEN[component["name"]]
        folder = root / "server/src/main/resources/META-INF/licenses"
        return name, (folder / name).read_text().strip("\n")
    if "Apache-2.0" in licences(component):
        return "Apache-2.0", (root / "LICENSE").read_text().strip("\n")
    sys.exit(f"notices: {component['bom-ref']} has no text of its licence; see CHOSEN")


def licences(component):
    found = []
    for entry in component.get("licenses", []):
        licence = entry.get("license", {})
        name = entry.get("expression") or licence.get("id") or licence.get("name")
        found.append(name + (f" ({licence['url']})" if "url" in licence else ""))
    return found


def homepage(component):
    references = {r["type"]: r["url"] for r in component.get("externalReferences", [])}
    return references.get("website") or references.get("vcs") or ""


def jdk_release(jdk):
    """What a JDK says of itself, by its names."""
    lines = (Path(jdk) / "release").read_text().splitlines()
    return dict(line.replace('"', "").split("=", 1) for line in lines if "=" in line)


def main():
    jar, bom_in, class_path, jdk, bom_out, notices_out = sys.argv[1:]
    root = Path(__file__).resolve().parent.parent.parent
    inside = files(jar)
    bom = json.loads(Path(bom_in).read_text())
    components = {(c["name"], c["version"]): c for c in bom["components"]}

    # (component, texts) of everything that is in the jar
    found = []
    kept = {bom["metadata"]["component"]["bom-ref"]}
    explained = set()
    for path in sorted(set(Path(class_path).read_text().strip().split(":"))):
        artifact, version = Path(path).parts[-3:-1]
        if "/dev/fanfare/" in path or artifact == "target" or version == "target":
            continue
        shared = {
            name
            for name, bytes_of in files(path).items()
            if is_code(name) and inside.get(name) == bytes_of
        }
        if not shared:
            continue
        explained |= shared
        component = components.get((artifact, version))
        if component is None:
            sys.exit(f"notices: {path} is in the jar, but not in the bill of materials")
        # Of libraries with natives, the jars of all architectures are one entry.
        if component["bom-ref"] not in kept:
            kept.add(component["bom-ref"])
            found.append((component, texts(path) or [missing_text(root, component)]))

    unexplained = sorted(
        n for n in inside if is_code(n) and n not in explained and not n.startswith(OURS)
    )
    if unexplained:
        sys.exit("notices: no library has these: " + ", ".join(unexplained[:20]))

    pom = (root / "pom.xml").read_text()
    with zipfile.ZipFile(jar) as zipped:
        for name, prop, licence in PAGES:
            version = re.search(f"<{prop}>(.*)</{prop}>", pom).group(1)
            purl = f"pkg:npm/{name}@{version}"
            component = {
                "type": "library",
                "bom-ref": purl,
                "name": name,
                "version": version,
                "licenses": [{"license": {"id": licence}}],
                "purl": purl,
            }
            text = zipped.read(f"{PAGES_FOLDER}{name}/LICENSE").decode().strip("\n")
            found.append((component, [("LICENSE", text)]))
            kept.add(purl)
    release = jdk_release(jdk)
    runtime = {
        "type": "platform",
        "bom-ref": "java-runtime",
        "publisher": release.get("IMPLEMENTOR", "unknown"),
        "name": "java-runtime",
        "version": release.get("JAVA_RUNTIME_VERSION", release["JAVA_VERSION"]),
        "description": "In archive, package and image only; licences in runtime/legal",
        "licenses": [{"expression": "GPL-2.0-only WITH Classpath-exception-2.0"}],
    }

    bom["components"] = [component for component, _ in found] + [runtime]
    bom["dependencies"] = [
        {**d, **({"dependsOn": [r for r in d["dependsOn"] if r in kept]} if "dependsOn" in d else {})}
        for d in bom.get("dependencies", [])
        if d["ref"] in kept
    ]
    Path(bom_out).write_text(json.dumps(bom, indent=2, ensure_ascii=False) + "\n")

    lines = [
        "Third-party software in Fanfare",
        "",
        "fanfare.jar contains the libraries below, unmodified, of some only parts. Archive, Debian package",
        "and image also contain a Java runtime, whose licences are in runtime/legal. BoringSSL is part of",
        "netty-tcnative-boringssl-static. Where a library has two licences, the one whose text follows is used.",
        "",
    ]
    numbers = {}
    for component, its_texts in found:
        its_licences = licences(component)
        if not its_licences:
            sys.exit(f"notices: {component['bom-ref']} names no licence")
        lines.append("=" * 80)
        lines.append(f"{component['name']} {component['version']}")
        lines += [f"  {line}" for line in [homepage(component)] + its_licences if line]
        for name, text in its_texts:
            number = numbers.setdefault(text, len(numbers) + 1)
            lines.append(f"  {name}: text {number}")
    for text, number in numbers.items():
        lines += ["", "=" * 80, f"Text {number}", "=" * 80, "", text]
    Path(notices_out).write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
