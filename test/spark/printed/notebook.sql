-- orders
-- SELECT orderId, cityCode
-- FROM read_json('input/orders.json', format = 'array', columns = {orderId: 'BIGINT', cityCode: 'VARCHAR'})
-- refused: read_json(...) at `read_json` (read files in a cell of its own, which runs on DuckDB)

-- customer_courier_chat_messages_enhanced
-- WITH messages AS (
--   SELECT * REPLACE (messageSentTime AT TIME ZONE 'UTC' AS messageSentTime)
--   FROM read_json(
--     'input/customer_courier_chat_messages.json',
--     format = 'array',
--     columns = {
--       senderAppType: 'VARCHAR',
--       customerId: 'BIGINT',
--       fromId: 'BIGINT',
--       toId: 'BIGINT',
--       chatStartedByMessage: 'BOOLEAN',
--       orderId: 'BIGINT',
--       orderStage: 'VARCHAR',
--       courierId: 'BIGINT',
--       messageSentTime: 'TIMESTAMPTZ'
--     }
--   )
-- )
-- SELECT
--   *,
--   floor(epoch(messageSentTime))::BIGINT AS messageSentTimestamp,
--   year(messageSentTime) AS year,
--   month(messageSentTime) AS month
-- FROM messages
-- refused: read_json(...) at `read_json` (read files in a cell of its own, which runs on DuckDB)

-- messages_inside_period
-- SELECT *
-- FROM customer_courier_chat_messages_enhanced
-- WHERE messageSentTime < $period_start::DATE
--    OR messageSentTime >= $period_end::DATE + INTERVAL 1 DAY
SELECT *
FROM `customer_courier_chat_messages_enhanced`
WHERE ((`messageSentTime` < CAST(CAST(DATE'2018-01-01' AS DATE) AS TIMESTAMP_NTZ)) OR (`messageSentTime` >= (CAST(CAST(DATE'2021-12-31' AS DATE) AS TIMESTAMP_NTZ) + INTERVAL '1' DAY)))

-- first_message_senders
-- SELECT
--   orderId AS order_id,
--   arg_min(
--     CASE WHEN senderAppType = $courier_app THEN 'courier' ELSE 'customer' END,
--     (messageSentTime, NOT chatStartedByMessage, fromId, orderStage)
--   ) AS first_message_by
-- FROM customer_courier_chat_messages_enhanced
-- GROUP BY orderId
SELECT `orderId` AS `order_id`, min_by(CASE WHEN (`senderAppType` = 'Courier App') THEN 'courier' ELSE 'customer' END, struct(`messageSentTime` IS NULL, `messageSentTime`, (NOT `chatStartedByMessage`) IS NULL, (NOT `chatStartedByMessage`), `fromId` IS NULL, `fromId`, `orderStage` IS NULL, `orderStage`)) FILTER (WHERE CASE WHEN (`senderAppType` = 'Courier App') THEN 'courier' ELSE 'customer' END IS NOT NULL) AS `first_message_by`
FROM `customer_courier_chat_messages_enhanced`
GROUP BY `orderId`

-- first_responsetime_delays
-- SELECT
--   orderId AS order_id,
--   abs(
--     min(messageSentTimestamp) FILTER (senderAppType = $courier_app)
--     - min(messageSentTimestamp) FILTER (senderAppType IS DISTINCT FROM $courier_app)
--   ) AS first_responsetime_delay_seconds
-- FROM customer_courier_chat_messages_enhanced
-- GROUP BY orderId
SELECT `orderId` AS `order_id`, abs((min(`messageSentTimestamp`) FILTER (WHERE (`senderAppType` = 'Courier App')) - min(`messageSentTimestamp`) FILTER (WHERE (`senderAppType` IS DISTINCT FROM 'Courier App')))) AS `first_responsetime_delay_seconds`
FROM `customer_courier_chat_messages_enhanced`
GROUP BY `orderId`

-- last_message_order_stage
-- SELECT
--   orderId AS order_id,
--   arg_max_null(
--     orderStage,
--     (messageSentTime, NOT chatStartedByMessage, fromId, orderStage)
--   ) AS last_message_order_stage
-- FROM customer_courier_chat_messages_enhanced
-- GROUP BY orderId
SELECT `orderId` AS `order_id`, max_by(`orderStage`, struct(`messageSentTime` IS NULL, `messageSentTime`, (NOT `chatStartedByMessage`) IS NULL, (NOT `chatStartedByMessage`), `fromId` IS NULL, `fromId`, `orderStage` IS NULL, `orderStage`)) AS `last_message_order_stage`
FROM `customer_courier_chat_messages_enhanced`
GROUP BY `orderId`

-- aggregations
-- SELECT
--   orderId AS order_id,
--   min(messageSentTimestamp) FILTER (senderAppType = $courier_app) AS first_courier_message,
--   min(messageSentTimestamp) FILTER (senderAppType IS DISTINCT FROM $courier_app) AS first_customer_message,
--   count(*) FILTER (senderAppType = $courier_app) AS num_messages_courier,
--   count(*) FILTER (senderAppType IS DISTINCT FROM $courier_app) AS num_messages_customer,
--   min(messageSentTimestamp) AS conversation_started_at,
--   max(messageSentTimestamp) AS last_message_time
-- FROM customer_courier_chat_messages_enhanced
-- GROUP BY orderId
SELECT `orderId` AS `order_id`, min(`messageSentTimestamp`) FILTER (WHERE (`senderAppType` = 'Courier App')) AS `first_courier_message`, min(`messageSentTimestamp`) FILTER (WHERE (`senderAppType` IS DISTINCT FROM 'Courier App')) AS `first_customer_message`, count(*) FILTER (WHERE (`senderAppType` = 'Courier App')) AS `num_messages_courier`, count(*) FILTER (WHERE (`senderAppType` IS DISTINCT FROM 'Courier App')) AS `num_messages_customer`, min(`messageSentTimestamp`) AS `conversation_started_at`, max(`messageSentTimestamp`) AS `last_message_time`
FROM `customer_courier_chat_messages_enhanced`
GROUP BY `orderId`

-- customer_courier_conversations
-- SELECT
--   order_id,
--   cityCode AS city_code,
--   first_courier_message,
--   first_customer_message,
--   num_messages_courier,
--   num_messages_customer,
--   first_message_by,
--   conversation_started_at,
--   first_responsetime_delay_seconds,
--   last_message_time,
--   last_message_order_stage
-- FROM aggregations
-- JOIN first_message_senders USING (order_id)
-- JOIN first_responsetime_delays USING (order_id)
-- JOIN last_message_order_stage USING (order_id)
-- LEFT JOIN orders ON orders.orderId = order_id
SELECT `order_id`, `cityCode` AS `city_code`, `first_courier_message`, `first_customer_message`, `num_messages_courier`, `num_messages_customer`, `first_message_by`, `conversation_started_at`, `first_responsetime_delay_seconds`, `last_message_time`, `last_message_order_stage`
FROM `aggregations`
JOIN `first_message_senders` USING (`order_id`)
JOIN `first_responsetime_delays` USING (`order_id`)
JOIN `last_message_order_stage` USING (`order_id`)
LEFT JOIN `orders` ON (`orders`.`orderId` = `order_id`)

-- every_conversation_kept
-- SELECT DISTINCT orderId
-- FROM customer_courier_chat_messages_enhanced
-- ANTI JOIN customer_courier_conversations ON order_id = orderId
SELECT DISTINCT `orderId`
FROM `customer_courier_chat_messages_enhanced`
LEFT ANTI JOIN `customer_courier_conversations` ON (`order_id` = `orderId`)

-- catalog
-- FROM lakebook.datasets
-- refused: lakebook.datasets at `lakebook` (only datasets and cells can be read on Spark)

-- messages_per_month
-- SELECT
--   date_trunc('month', messageSentTime)::DATE AS month,
--   count(*) AS messages
-- FROM customer_courier_chat_messages_enhanced
-- GROUP BY ALL
-- ORDER BY month
SELECT CAST(CAST(date_trunc('month', `messageSentTime`) AS TIMESTAMP_NTZ) AS DATE) AS `month`, count(*) AS `messages`
FROM `customer_courier_chat_messages_enhanced`
GROUP BY CAST(CAST(date_trunc('month', `messageSentTime`) AS TIMESTAMP_NTZ) AS DATE)
ORDER BY `month` ASC NULLS LAST
