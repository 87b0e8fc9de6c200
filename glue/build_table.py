"""Builds one curated table with Spark, for a model whose header says `-- engine: glue`.

A Glue job of Glue 5.1 (Spark 3.5, Iceberg 1.10) runs it, and so does any Spark that reaches the same files: it needs
PySpark and nothing of Glue. What to do stands in a JSON object (`SparkTask` in src/platform/aws/glue-job): settings of
the session, views, one SELECT, and a folder that nobody has used. Everything that is decided is decided there.
"""

import argparse
import json
import re
import sys

from py4j.protocol import Py4JJavaError
from pyspark.errors import AnalysisException, ParseException, PySparkException
from pyspark.sql import DataFrame, SparkSession


class TableNotBuilt(Exception):
    """Spark could not build the table. Its text is what Glue reports: never a value of the data."""


def read_task(spark: SparkSession, uri: str) -> dict:
    """The task, read as Spark reads everything else, so that no second client needs rights."""
    return json.loads(spark.read.text(uri, wholetext=True).first()[0])


def rows_of(spark: SparkSession, view: dict) -> DataFrame:
    return spark.read.parquet(*view["files"]) if "files" in view else spark.sql(view["sql"])


def build(spark: SparkSession, task: dict) -> None:
    for name, value in task["settings"].items():
        spark.conf.set(name, value)
    for view in task["views"]:
        rows_of(spark, view).createOrReplaceGlobalTempView(view["name"])
    (
        spark.sql(task["sql"])
        .write.option("compression", "zstd")
        # The warehouse copies every object of the folder: a marker is no Parquet file.
        .option("mapreduce.fileoutputcommitter.marksuccessfuljobs", "false")
        .parquet(task["location"])
    )


def without_values(error: Exception) -> str:
    """What Spark says of the statement; of its data, only the name that Spark gives to the failure.

    Messages about rows quote them: https://spark.apache.org/docs/3.5.6/sql-error-conditions.html
    """
    said = str(error)
    if isinstance(error, (AnalysisException, ParseException)):
        return said.split("\n")[0][:600]
    # The last cause is the first: what wraps it says only that a task failed.
    causes = re.findall(r"\b(?:\w+\.)+(\w+(?:Exception|Error)): (?:\[([A-Z][A-Z0-9_.]+)\])?", said)
    named = [condition for _, condition in causes if condition]
    if isinstance(error, PySparkException) and error.getErrorClass():
        named = named or [error.getErrorClass()]
    return (named or [name for name, _ in causes] or [type(error).__name__])[-1]


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--task", required=True, help="URI of the JSON object that says what to build")
    # Glue adds arguments of its own.
    known, _ = parser.parse_known_args(arguments)
    spark = SparkSession.builder.appName("campus-lake").getOrCreate()
    try:
        build(spark, read_task(spark, known.task))
    except (PySparkException, Py4JJavaError) as error:
        failure = TableNotBuilt(without_values(error))
        # Without its cause, whose text may quote the data.
        raise failure from None
    finally:
        spark.stop()


if __name__ == "__main__":
    main(sys.argv[1:])
