-- PIVOT orders ON status IN ('new', 'paid', 'sent', 'DONE') USING sum(qty) GROUP BY city
SELECT *
FROM (SELECT `city`, sum(`qty`) FILTER (WHERE `status` = 'new') AS `new`, sum(`qty`) FILTER (WHERE `status` = 'paid') AS `paid`, sum(`qty`) FILTER (WHERE `status` = 'sent') AS `sent`, sum(`qty`) FILTER (WHERE `status` = 'DONE') AS `DONE`
FROM `orders`
GROUP BY `city`)

-- SELECT * FROM (SELECT city, status, qty FROM orders) PIVOT (sum(qty) FOR status IN ('new', 'paid'))
-- refused: PIVOT without GROUP BY at `PIVOT` (name the remaining columns: GROUP BY ...)

-- PIVOT orders ON status USING count(*) GROUP BY city
-- refused: a statement that is no SELECT, or a PIVOT without IN (...) at `PIVOT`

-- UNPIVOT (SELECT city, pop::DOUBLE AS pop, lat FROM cities) ON pop, lat INTO NAME k VALUE v
SELECT *
FROM (SELECT * FROM (SELECT `city`, CAST(`pop` AS DOUBLE) AS `pop`, `lat`
FROM `cities`)
UNPIVOT (`v` FOR `k` IN (`pop`, `lat`)))

-- SELECT * FROM orders USING SAMPLE 10 ROWS
-- refused: USING SAMPLE at `USING` (a sample is another one on every engine)

-- SELECT count(*) > 0 AS ok FROM orders TABLESAMPLE 50%
-- refused: a sample at `orders` (it is another one on every engine)

-- SELECT * FROM 'pq/cities.parquet'
-- refused: read_parquet(...) at `'pq/cities.parquet'` (read files in a cell of its own, which runs on DuckDB)

-- SELECT * FROM read_csv('x.csv')
-- refused: read_csv(...) at `read_csv` (read files in a cell of its own, which runs on DuckDB)

-- SELECT id, city FROM orders POSITIONAL JOIN cities
-- refused: POSITIONAL JOIN at `POSITIONAL`

-- SUMMARIZE cities
-- refused: SUMMARIZE at `SUMMARIZE` (set "engine: duckdb" for this cell)

-- DESCRIBE orders
-- refused: DESCRIBE at `DESCRIBE` (set "engine: duckdb" for this cell)

-- SELECT json_extract_string('{"a": 1}', '$.a') AS a, '{"a":1}'::JSON AS j
-- refused: json_extract_string() at `json_extract_string`
-- refused: the text '{"a":1}' as JSON at `::`

-- SELECT current_date >= d AS past FROM orders
SELECT (`current_date` >= `d`) AS `past`
FROM `orders`

-- SELECT uuid() IS NOT NULL AS u
-- refused: uuid() at `uuid` (its value is another one on every run)

-- SELECT count(*) AS n, typeof(sum(qty)) AS t FROM orders
-- refused: typeof() at `typeof`

-- SELECT alias(city) AS a FROM orders
-- refused: alias() at `alias`

-- SELECT id, note FROM orders WHERE id BETWEEN 1 AND 20 AND note IS NOT NULL AND (qty > 0 OR flag) AND NOT (city = 'BCN')
SELECT `id`, `note`
FROM `orders`
WHERE ((`id` >= 1 AND `id` <= 20) AND (`note` IS NOT NULL) AND ((`qty` > 0) OR `flag`) AND (`city` <> 'BCN'))

-- SELECT city, sum(amount) AS s FROM orders GROUP BY city ORDER BY s DESC NULLS LAST LIMIT 3
SELECT `city`, sum(`amount`) AS `s`
FROM `orders`
GROUP BY `city`
ORDER BY `s` DESC NULLS LAST
LIMIT 3

-- SELECT floor(id / 10) AS bucket, count(*) AS n FROM orders GROUP BY bucket ORDER BY bucket
SELECT (CASE WHEN abs((CAST(`id` AS DOUBLE) / CAST(10 AS DOUBLE))) < 9E15D THEN CAST(floor((CAST(`id` AS DOUBLE) / CAST(10 AS DOUBLE))) AS DOUBLE) ELSE (CAST(`id` AS DOUBLE) / CAST(10 AS DOUBLE)) END) AS `bucket`, count(*) AS `n`
FROM `orders`
GROUP BY (CASE WHEN abs((CAST(`id` AS DOUBLE) / CAST(10 AS DOUBLE))) < 9E15D THEN CAST(floor((CAST(`id` AS DOUBLE) / CAST(10 AS DOUBLE))) AS DOUBLE) ELSE (CAST(`id` AS DOUBLE) / CAST(10 AS DOUBLE)) END)
ORDER BY `bucket` ASC NULLS LAST

-- SELECT id // 10 * 10 AS bucket, avg(ratio) AS r FROM orders GROUP BY 1
SELECT (CAST(`id` DIV 10 AS BIGINT) * 10) AS `bucket`, avg(`ratio`) AS `r`
FROM `orders`
GROUP BY (CAST(`id` DIV 10 AS BIGINT) * 10)

-- SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY ratio) AS m FROM orders
SELECT percentile(CAST(`ratio` AS DOUBLE), CAST(CAST('0.5' AS DECIMAL(2,1)) AS DOUBLE)) AS `m`
FROM `orders`

-- SELECT customer, count(*) AS n, min(d) AS first, max(d) - min(d) AS active_days FROM orders GROUP BY customer HAVING n > 3
SELECT `customer`, count(*) AS `n`, min(`d`) AS `first`, CAST(datediff(max(`d`), min(`d`)) AS BIGINT) AS `active_days`
FROM `orders`
GROUP BY `customer`
HAVING (count(*) > 3)

-- SELECT city, year(d) AS y, sum(amount) AS s, sum(s) OVER (PARTITION BY city ORDER BY y) AS cum FROM orders GROUP BY city, y
SELECT `city`, CAST(year(`d`) AS BIGINT) AS `y`, sum(`amount`) AS `s`, sum(sum(`amount`)) OVER (PARTITION BY `city` ORDER BY CAST(year(`d`) AS BIGINT) ASC NULLS LAST) AS `cum`
FROM `orders`
GROUP BY `city`, CAST(year(`d`) AS BIGINT)

-- SELECT kind, count(DISTINCT uid) AS users, count(DISTINCT uid) * 1.0 / (SELECT count(DISTINCT uid) FROM events) AS share FROM events GROUP BY kind
SELECT `kind`, count(DISTINCT `uid`) AS `users`, (CASE WHEN CAST((SELECT count(DISTINCT `uid`) AS `count(DISTINCT uid)`
FROM `events`) AS DOUBLE) <> 0D THEN CAST((count(DISTINCT `uid`) * CAST('1.0' AS DECIMAL(2,1))) AS DOUBLE) / CAST((SELECT count(DISTINCT `uid`) AS `count(DISTINCT uid)`
FROM `events`) AS DOUBLE) ELSE CAST((count(DISTINCT `uid`) * CAST('1.0' AS DECIMAL(2,1))) AS DOUBLE) * power(CAST((SELECT count(DISTINCT `uid`) AS `count(DISTINCT uid)`
FROM `events`) AS DOUBLE), -1D) END) AS `share`
FROM `events`
GROUP BY `kind`

-- SELECT a.uid, min(b.moment - a.moment) AS delay FROM events a JOIN events b ON a.uid = b.uid AND b.moment > a.moment AND a.kind = 'view' AND b.kind = 'buy' GROUP BY a.uid
SELECT `a`.`uid`, min((`b`.`moment` - `a`.`moment`)) AS `delay`
FROM `events` AS `a`
JOIN `events` AS `b` ON ((`a`.`uid` = `b`.`uid`) AND (`b`.`moment` > `a`.`moment`) AND (`a`.`kind` = 'view') AND (`b`.`kind` = 'buy'))
GROUP BY `a`.`uid`

-- SELECT a.uid, min(epoch(b.moment) - epoch(a.moment)) AS delay FROM events a JOIN events b ON a.uid = b.uid AND b.moment > a.moment AND a.kind = 'view' AND b.kind = 'buy' GROUP BY a.uid
SELECT `a`.`uid`, min(((CAST(unix_micros(CAST(`b`.`moment` AS TIMESTAMP_LTZ)) AS DOUBLE) / 1E6D) - (CAST(unix_micros(CAST(`a`.`moment` AS TIMESTAMP_LTZ)) AS DOUBLE) / 1E6D))) AS `delay`
FROM `events` AS `a`
JOIN `events` AS `b` ON ((`a`.`uid` = `b`.`uid`) AND (`b`.`moment` > `a`.`moment`) AND (`a`.`kind` = 'view') AND (`b`.`kind` = 'buy'))
GROUP BY `a`.`uid`
