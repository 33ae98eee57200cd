"""The notebook's pipeline in PySpark: python pipeline.py INPUT_FOLDER OUT_FOLDER [sc://HOST:PORT array|lines]

In this process, or on a Spark Connect server."""

import sys

from pyspark.sql import SparkSession, functions as f, types as t

source, out, *rest = sys.argv[1:]
remote, kind = rest or ("", "array")
builder = SparkSession.builder
if remote:
    builder = builder.remote(remote)
else:
    builder = builder.master("local[*]").config("spark.driver.memory", "4g").config("spark.ui.enabled", "false")
spark = (
    builder.config("spark.sql.session.timeZone", "UTC")
    .config("spark.sql.parquet.compression.codec", "zstd")
    .config("spark.sql.shuffle.partitions", "4")
    .config("spark.sql.legacy.timeParserPolicy", "CORRECTED")
    .getOrCreate()
)
if not remote:
    spark.sparkContext.setLogLevel("ERROR")


def schema(**columns):
    return t.StructType([t.StructField(name, kind) for name, kind in columns.items()])


def store(name, frame, *partitions):
    frame.write.mode("overwrite").partitionBy(*partitions).parquet(f"{out}/{name}")
    stored = spark.read.parquet(f"{out}/{name}")
    stored.createOrReplaceTempView(name)
    return stored


messages = spark.read.schema(
    schema(
        senderAppType=t.StringType(),
        customerId=t.LongType(),
        fromId=t.LongType(),
        toId=t.LongType(),
        chatStartedByMessage=t.BooleanType(),
        orderId=t.LongType(),
        orderStage=t.StringType(),
        courierId=t.LongType(),
        messageSentTime=t.TimestampType(),
    )
).json(f"{source}/customer_courier_chat_messages.json", multiLine=kind == "array", mode="FAILFAST")
orders = spark.read.schema(schema(orderId=t.LongType(), cityCode=t.StringType())).json(
    f"{source}/orders.json", multiLine=kind == "array", mode="FAILFAST"
)
store("orders", orders)
store(
    "messages",
    messages.withColumn("messageSentTimestamp", f.unix_timestamp("messageSentTime"))
    .withColumn("year", f.year("messageSentTime"))
    .withColumn("month", f.month("messageSentTime")),
    "year",
    "month",
)

# NULL comes last among values, as in the notebook's engine.
key = "struct(messageSentTime, NOT chatStartedByMessage, fromId, orderStage IS NULL, orderStage)"
courier = "senderAppType = 'Courier App'"
customer = "NOT (senderAppType <=> 'Courier App')"
facts = {
    "first_message_senders": f"min_by(CASE WHEN {courier} THEN 'courier' ELSE 'customer' END, {key}) AS first_message_by",
    "first_responsetime_delays": f"""abs(min(messageSentTimestamp) FILTER (WHERE {courier})
        - min(messageSentTimestamp) FILTER (WHERE {customer})) AS first_responsetime_delay_seconds""",
    "last_message_order_stage": f"max_by(orderStage, {key}) AS last_message_order_stage",
    "aggregations": f"""min(messageSentTimestamp) FILTER (WHERE {courier}) AS first_courier_message,
        min(messageSentTimestamp) FILTER (WHERE {customer}) AS first_customer_message,
        count(*) FILTER (WHERE {courier}) AS num_messages_courier,
        count(*) FILTER (WHERE {customer}) AS num_messages_customer,
        min(messageSentTimestamp) AS conversation_started_at,
        max(messageSentTimestamp) AS last_message_time""",
}
for name, columns in facts.items():
    store(name, spark.sql(f"SELECT orderId AS order_id, {columns} FROM messages GROUP BY orderId"))

conversations = store(
    "conversations",
    spark.sql(
        """SELECT order_id, cityCode AS city_code, first_courier_message, first_customer_message,
        num_messages_courier, num_messages_customer, first_message_by, conversation_started_at,
        first_responsetime_delay_seconds, last_message_time, last_message_order_stage
        FROM aggregations JOIN first_message_senders USING (order_id) JOIN first_responsetime_delays USING (order_id)
        JOIN last_message_order_stage USING (order_id) LEFT JOIN orders ON orders.orderId = order_id"""
    ),
    "city_code",
)
conversations.coalesce(1).write.mode("overwrite").csv(f"{out}/csv", header=True)
spark.stop()
