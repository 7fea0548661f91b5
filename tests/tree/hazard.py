#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""One hazard of hazards.ini is in the report, with its path.

usage: hazard.py FOLDER TABLE SECTION
"""
import configparser
import fnmatch
import sys

import report


def read_row(table, section):
    rows = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    with open(table, encoding="utf-8") as text:
        rows.read_file(text)
    return {key: value.split() for key, value in rows[section].items()}


def passes_through(flow, functions):
    """The functions stand in the path in this order; others may be between them."""
    rest = iter([step.function for step in flow.steps])
    return all(function in rest for function in functions)


def fits(flow, row):
    other = row["module"] == ["other"]
    own_module = row["file"][0].split("/")[2]
    return (not flow.related and flow.phase in row["phase"]
            and (flow.module != own_module if other else flow.module in row["module"])
            and passes_through(flow, row["through"])
            and all(any(link in step.text for step in flow.steps) for link in row.get("link", [])))


def mistakes(found, row):
    at_site = [one for one in found.results if one.rule in row["rule"] and one.call in row["call"]
               and fnmatch.fnmatch(one.at.file, row["file"][0])]
    if not at_site:
        yield f"no finding of {row['call']} in {row['file']} by {row['rule']}; those of the same file or call:"
        yield from (str(one) for one in found.results
                    if one.call in row["call"] or fnmatch.fnmatch(one.at.file, row["file"][0]))
    elif not any(fits(flow, row) for one in at_site for flow in one.flows):
        yield f"found, but not at {row['phase']} of {row['module']} through {row['through']}; the paths are:"
        for one in at_site:
            for flow in one.flows:
                yield f"  {flow.phase} of {flow.module}: " + " > ".join(step.function for step in flow.steps)


def main(folder, table, section):
    found = report.read(folder)
    return report.finish(found, mistakes(found, read_row(table, section)))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
