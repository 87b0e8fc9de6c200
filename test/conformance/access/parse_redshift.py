"""Parses statements for Redshift, given as a JSON list on standard input; prints those that cannot be parsed as JSON."""

import json
import re
import sys

import sqlfluff
import sqlglot

# The part of a statement that is an expression over a table.
EXPRESSION = re.compile(r" USING \((.*)\)$", re.S)


def fault(statement: str) -> str | None:
    try:
        sqlfluff.parse(statement + ";\n", dialect="redshift")
    except sqlfluff.api.simple.APIParsingError as error:
        return f"sqlfluff: {error}"
    found = EXPRESSION.search(statement)
    if found:
        try:
            sqlglot.parse_one(f"SELECT {found[1]} FROM t AS t0", read="redshift")
        except sqlglot.errors.SqlglotError as error:
            return f"sqlglot: {error}"
    return None


faults = [[statement, why] for statement in json.load(sys.stdin) if (why := fault(statement))]
json.dump(faults, sys.stdout)
