#!/usr/bin/env python3
"""Prints where the files of a release come from: an in-toto statement with SLSA's predicate.

    docker/dist/provenance.py COMMIT DATE JDK SUMS [PART ...]

Nothing in it differs between two builds of one commit with one JDK, unless FANFARE_BUILDER names
who builds.
"""

import json
import os
import platform
import sys
from pathlib import Path

sys.dont_write_bytecode = True
from notices import jdk_release  # beside this script


def main():
    commit, date, jdk, sums, *parts = sys.argv[1:]
    release = jdk_release(jdk)
    subjects = [line.split(maxsplit=1) for line in Path(sums).read_text().splitlines()]
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [
            {"name": name, "digest": {"sha256": digest}} for digest, name in subjects
        ],
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {
            "buildDefinition": {
                "buildType": "urn:fanfare:docker/dist/release",
                "externalParameters": {"parts": parts},
                "internalParameters": {
                    "SOURCE_DATE_EPOCH": date,
                    "architecture": platform.machine(),
                },
                "resolvedDependencies": [
                    {"name": "source", "digest": {"gitCommit": commit}},
                    {
                        "name": "jdk",
                        "annotations": {
                            key: release[key]
                            for key in ("IMPLEMENTOR", "JAVA_RUNTIME_VERSION", "JAVA_VERSION", "OS_ARCH")
                            if key in release
                        },
                    },
                ],
            },
            "runDetails": {
                "builder": {"id": os.environ.get("FANFARE_BUILDER", "urn:fanfare:local")}
            },
        },
    }
    print(json.dumps(statement, indent=2))


main()
