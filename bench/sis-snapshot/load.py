"""One copy by dlt. Arguments: backend, schema, tables (comma between) or *, folder, URL of the database."""

import os
import sys
import time

os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
os.environ["RUNTIME__LOG_LEVEL"] = "ERROR"

import dlt
from dlt.sources.sql_database import sql_database

backend, schema, tables, folder, url = sys.argv[1:]
pipeline = dlt.pipeline(
    "bench",
    destination=dlt.destinations.filesystem(bucket_url="file://" + folder + "/out"),
    dataset_name="bench",
    pipelines_dir=folder + "/pipelines",
)
source = sql_database(
    credentials=url,
    schema=schema,
    table_names=None if tables == "*" else tables.split(","),
    backend=backend,
)
started = time.perf_counter()
pipeline.run(source, loader_file_format="parquet", write_disposition="replace").raise_on_failed_jobs()
print(f"seconds={time.perf_counter() - started}")
