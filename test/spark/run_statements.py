"""Runs statements on a Spark of its own: {"views": {name: {"file"}}, "statements": [{"sql", "folder"}]} on stdin, a line of JSON for each on stdout."""
import json
import sys
from concurrent.futures import ThreadPoolExecutor

from pyspark.sql import SparkSession

SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.variable.substitute": "false",
    "spark.sql.runSQLOnFiles": "false",
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
    "spark.sql.shuffle.partitions": "3",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.ui.enabled": "false",
    "spark.driver.memory": "1500m",
    "spark.log.level": "OFF",
}


def main():
    task = json.load(sys.stdin)
    builder = SparkSession.builder.master("local[2]")
    for key, value in SETTINGS.items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()
    for name, view in task["views"].items():
        spark.read.parquet(view["file"]).createOrReplaceTempView(name)
    with ThreadPoolExecutor(3) as pool:
        for answer in pool.map(lambda statement: run(spark, statement), task["statements"]):
            print(json.dumps(answer), flush=True)
    spark.stop()


def run(spark, statement):
    try:
        spark.sql(statement["sql"]).write.parquet(statement["folder"])
        return {"ok": True}
    except Exception as error:  # whatever Spark says of it is the answer
        return {"ok": False, "error": str(error)[:600]}


main()
