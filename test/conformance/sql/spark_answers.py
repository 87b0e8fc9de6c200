"""Answers statements of Spark's SQL: a line of JSON in, a line of JSON out, until the input ends.

In: {"sql": …, "rows": false where only the running counts}. Out: {"columns": [[name, type], …], "rows": [[cell, …], …]}
or {"error": message}. Settings of the session are the arguments, name=value each.
"""

import datetime
import decimal
import json
import sys

from pyspark.sql import SparkSession

QUIET = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "1g",
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "1",
    "spark.default.parallelism": "1",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.log.level": "OFF",
}


def cell(value):
    """A value as JSON that loses nothing: numbers and times as text."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, (list, tuple)):
        return [cell(item) for item in value]
    return str(value)


def main():
    builder = SparkSession.builder.master("local[2]")
    for name, value in {**QUIET, **dict(setting.split("=", 1) for setting in sys.argv[1:])}.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    print(json.dumps({"ready": spark.version}), flush=True)
    for line in sys.stdin:
        question = json.loads(line)
        try:
            frame = spark.sql(question["sql"])
            columns = [[field.name, field.dataType.simpleString()] for field in frame.schema.fields]
            rows = [[cell(value) for value in row] for row in frame.collect()] if question.get("rows", True) else []
            answer = {"columns": columns, "rows": rows}
        except Exception as error:  # every failure is an answer
            answer = {"error": str(error).split("JVM stacktrace")[0][:2000]}
        print(json.dumps(answer), flush=True)
    spark.stop()


main()
