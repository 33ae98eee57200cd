-- SELECT date_trunc('month', ts) AS m, count(*) AS n FROM orders GROUP BY 1 ORDER BY 1
SELECT CAST(date_trunc('month', `ts`) AS TIMESTAMP_NTZ) AS `m`, count(*) AS `n`
FROM `orders`
GROUP BY CAST(date_trunc('month', `ts`) AS TIMESTAMP_NTZ)
ORDER BY 1 ASC NULLS LAST

-- SELECT date_trunc('week', d) AS w, date_trunc('year', d) AS y, date_trunc('quarter', ts) AS q FROM orders
SELECT CAST(date_trunc('week', CAST(`d` AS TIMESTAMP_NTZ)) AS TIMESTAMP_NTZ) AS `w`, CAST(date_trunc('year', CAST(`d` AS TIMESTAMP_NTZ)) AS TIMESTAMP_NTZ) AS `y`, CAST(date_trunc('quarter', `ts`) AS TIMESTAMP_NTZ) AS `q`
FROM `orders`

-- SELECT date_trunc('month', ts)::DATE AS m, strftime(ts, '%Y-%m') AS ym FROM orders
SELECT CAST(CAST(date_trunc('month', `ts`) AS TIMESTAMP_NTZ) AS DATE) AS `m`, CASE WHEN year(`ts`) NOT BETWEEN 1 AND 9999 THEN raise_error('Lakebook: a year before 1 or after 9999 as a text') ELSE date_format(`ts`, 'yyyy-MM') END AS `ym`
FROM `orders`

-- SELECT year(ts) AS y, month(ts) AS m, day(ts) AS d, hour(ts) AS h, minute(ts) AS mi, second(ts) AS s, quarter(d) AS q, week(d) AS w, dayofweek(d) AS dow, isodow(d) AS iso, dayofyear(d) AS doy FROM orders
SELECT CAST(year(`ts`) AS BIGINT) AS `y`, CAST(month(`ts`) AS BIGINT) AS `m`, CAST(day(`ts`) AS BIGINT) AS `d`, CAST(hour(`ts`) AS BIGINT) AS `h`, CAST(minute(`ts`) AS BIGINT) AS `mi`, CAST(second(`ts`) AS BIGINT) AS `s`, CAST(quarter(`d`) AS BIGINT) AS `q`, CAST(weekofyear(`d`) AS BIGINT) AS `w`, CAST(dayofweek(`d`) - 1 AS BIGINT) AS `dow`, CAST(weekday(`d`) + 1 AS BIGINT) AS `iso`, CAST(dayofyear(`d`) AS BIGINT) AS `doy`
FROM `orders`

-- SELECT extract(year FROM ts) AS y, extract(dow FROM ts) AS dow, extract(epoch FROM ts) AS e, date_part('month', d) AS m FROM orders
SELECT CAST(year(`ts`) AS BIGINT) AS `y`, CAST(dayofweek(`ts`) - 1 AS BIGINT) AS `dow`, (CAST(unix_micros(CAST(`ts` AS TIMESTAMP_LTZ)) AS DOUBLE) / 1E6D) AS `e`, CAST(month(`d`) AS BIGINT) AS `m`
FROM `orders`

-- SELECT datediff('month', d, DATE '2021-06-30') AS m, date_diff('day', d, DATE '2021-06-30') AS dd, date_diff('year', d, DATE '2021-06-30') AS y, date_diff('hour', ts, TIMESTAMP '2021-06-30 00:00:00') AS h FROM orders
SELECT CAST((year(DATE'2021-06-30') * 12 + month(DATE'2021-06-30')) - (year(`d`) * 12 + month(`d`)) AS BIGINT) AS `m`, CAST(datediff(CAST(DATE'2021-06-30' AS DATE), CAST(`d` AS DATE)) AS BIGINT) AS `dd`, CAST(year(DATE'2021-06-30') - year(`d`) AS BIGINT) AS `y`, CAST(floor(unix_micros(CAST(TIMESTAMP_NTZ'2021-06-30 00:00:00' AS TIMESTAMP_LTZ)) / 3600000000BD) - floor(unix_micros(CAST(`ts` AS TIMESTAMP_LTZ)) / 3600000000BD) AS BIGINT) AS `h`
FROM `orders`

-- SELECT date_diff('week', d, DATE '2021-06-30') AS w, date_sub('month', d, DATE '2021-06-30') AS full_months FROM orders
-- refused: date_sub() at `date_sub`

-- SELECT DATE '2021-06-30' - d AS days FROM orders
SELECT CAST(datediff(DATE'2021-06-30', `d`) AS BIGINT) AS `days`
FROM `orders`

-- SELECT d + 7 AS a, d - 1 AS b, d + INTERVAL 1 MONTH AS c, ts - INTERVAL 2 HOUR AS e FROM orders
SELECT date_add(`d`, CAST(7 AS INT)) AS `a`, date_sub(`d`, CAST(1 AS INT)) AS `b`, (CAST(`d` AS TIMESTAMP_NTZ) + INTERVAL '1' MONTH) AS `c`, (`ts` - INTERVAL '2' HOUR) AS `e`
FROM `orders`

-- SELECT d + INTERVAL (qty) DAY AS x, ts + to_minutes(qty) AS y FROM orders
SELECT (CAST(`d` AS TIMESTAMP_NTZ) + make_dt_interval(CAST(`qty` AS INT), 0, 0, 0)) AS `x`, (`ts` + make_dt_interval(0, 0, CAST(`qty` AS INT), 0)) AS `y`
FROM `orders`

-- SELECT epoch(ts) AS e, epoch_ms(ts) AS ms, epoch_us(ts) AS us FROM orders
SELECT (CAST(unix_micros(CAST(`ts` AS TIMESTAMP_LTZ)) AS DOUBLE) / 1E6D) AS `e`, (unix_micros(CAST(`ts` AS TIMESTAMP_LTZ)) DIV 1000) AS `ms`, unix_micros(CAST(`ts` AS TIMESTAMP_LTZ)) AS `us`
FROM `orders`

-- SELECT to_timestamp(id * 100000) AS t, make_date(2020, 1 + (qty + 2)::INT, 15) AS md FROM orders
SELECT timestamp_seconds((`id` * 100000)) AS `t`, make_date(CAST(2020 AS INT), CAST((1 + CAST((`qty` + 2) AS INT)) AS INT), CAST(15 AS INT)) AS `md`
FROM `orders`

-- SELECT strptime(note, '%Y-%m-%d') AS t FROM orders WHERE note LIKE '2021-%'
SELECT to_timestamp_ntz(`note`, 'yyyy-MM-dd') AS `t`
FROM `orders`
WHERE (`note` LIKE '2021-%')

-- SELECT try_strptime(note, '%Y-%m-%d')::DATE AS t FROM orders
-- refused: try_strptime() at `try_strptime` (which texts fail differs: test with regexp_full_match first, then strptime)

-- SELECT strftime(ts, '%d/%m/%Y %H:%M:%S') AS a, strftime(d, '%Y week') AS b FROM orders
SELECT CASE WHEN year(`ts`) NOT BETWEEN 1 AND 9999 THEN raise_error('Lakebook: a year before 1 or after 9999 as a text') ELSE date_format(`ts`, 'dd/MM/yyyy HH:mm:ss') END AS `a`, CASE WHEN year(CAST(`d` AS TIMESTAMP_NTZ)) NOT BETWEEN 1 AND 9999 THEN raise_error('Lakebook: a year before 1 or after 9999 as a text') ELSE date_format(CAST(`d` AS TIMESTAMP_NTZ), 'yyyy\' week\'') END AS `b`
FROM `orders`

-- SELECT strftime(ts, '%A %B %j') AS a FROM orders
SELECT date_format(`ts`, 'EEEE MMMM DDD') AS `a`
FROM `orders`

-- SELECT last_day(d) AS l, dayname(d) AS dn, monthname(d) AS mn FROM orders
SELECT last_day(`d`) AS `l`, date_format(`d`, 'EEEE') AS `dn`, date_format(`d`, 'MMMM') AS `mn`
FROM `orders`

-- SELECT ts::DATE AS d, CAST(d AS TIMESTAMP) AS t, ts::VARCHAR AS s, d::VARCHAR AS ds FROM orders
SELECT CAST(`ts` AS DATE) AS `d`, CAST(`d` AS TIMESTAMP_NTZ) AS `t`, CASE WHEN year(`ts`) NOT BETWEEN 1 AND 9999 THEN raise_error('Lakebook: a year before 1 or after 9999 as a text') ELSE CAST(`ts` AS STRING) END AS `s`, CASE WHEN year(`d`) NOT BETWEEN 1 AND 9999 THEN raise_error('Lakebook: a year before 1 or after 9999 as a text') ELSE CAST(`d` AS STRING) END AS `ds`
FROM `orders`

-- SELECT tstz AT TIME ZONE 'Europe/Madrid' AS local, ts AT TIME ZONE 'Europe/Madrid' AS abs FROM orders
-- refused: a local time AT TIME ZONE 'Europe/Madrid' at `AT` (the engines differ when clocks are set back: keep times WITH TIME ZONE)

-- SELECT date_trunc('day', tstz AT TIME ZONE 'America/New_York') AS day, count(*) AS n FROM orders GROUP BY 1
SELECT CAST(date_trunc('day', convert_timezone('UTC', 'America/New_York', CAST(`tstz` AS TIMESTAMP_NTZ))) AS TIMESTAMP_NTZ) AS `day`, count(*) AS `n`
FROM `orders`
GROUP BY CAST(date_trunc('day', convert_timezone('UTC', 'America/New_York', CAST(`tstz` AS TIMESTAMP_NTZ))) AS TIMESTAMP_NTZ)

-- SELECT time_bucket(INTERVAL '15 minutes', moment) AS b, count(*) AS n FROM events GROUP BY b
SELECT CAST(timestamp_micros(unix_micros(CAST(`moment` AS TIMESTAMP_LTZ)) - pmod(unix_micros(CAST(`moment` AS TIMESTAMP_LTZ)) - 946857600000000L, 900000000L)) AS TIMESTAMP_NTZ) AS `b`, count(*) AS `n`
FROM `events`
GROUP BY CAST(timestamp_micros(unix_micros(CAST(`moment` AS TIMESTAMP_LTZ)) - pmod(unix_micros(CAST(`moment` AS TIMESTAMP_LTZ)) - 946857600000000L, 900000000L)) AS TIMESTAMP_NTZ)

-- SELECT age(TIMESTAMP '2022-01-01', ts) AS a FROM orders
-- refused: age() at `age` (use date_diff)

-- SELECT max(ts) - min(ts) AS span FROM orders
SELECT (max(`ts`) - min(`ts`)) AS `span`
FROM `orders`

-- SELECT * FROM orders WHERE d BETWEEN DATE '2020-01-01' AND '2020-03-31'
SELECT *
FROM `orders`
WHERE (`d` >= DATE'2020-01-01' AND `d` <= DATE'2020-03-31')

-- SELECT * FROM orders WHERE ts >= '2020-06-01' AND ts < '2020-07-01'
SELECT *
FROM `orders`
WHERE ((`ts` >= TIMESTAMP_NTZ'2020-06-01') AND (`ts` < TIMESTAMP_NTZ'2020-07-01'))

-- SELECT * FROM orders WHERE year(d) = 2020 AND month(d) IN (1, 2, 12)
SELECT *
FROM `orders`
WHERE ((CAST(year(`d`) AS BIGINT) = 2020) AND (CAST(month(`d`) AS BIGINT) IN (1, 2, 12)))

-- SELECT greatest(d, DATE '2020-05-01') AS g, least(qty, 3) AS l, greatest(qty, customer, 5) AS gg FROM orders
SELECT greatest(`d`, DATE'2020-05-01') AS `g`, least(`qty`, 3) AS `l`, greatest(`qty`, `customer`, 5) AS `gg`
FROM `orders`

-- SELECT unnest(generate_series(DATE '2020-01-01', DATE '2020-01-10', INTERVAL 1 DAY)) AS day
SELECT explode(CASE WHEN CAST(DATE'2020-01-01' AS TIMESTAMP_NTZ) > CAST(DATE'2020-01-10' AS TIMESTAMP_NTZ) THEN CAST(array() AS ARRAY<TIMESTAMP_NTZ>) ELSE sequence(CAST(DATE'2020-01-01' AS TIMESTAMP_NTZ), CAST(DATE'2020-01-10' AS TIMESTAMP_NTZ), INTERVAL '1' DAY) END) AS `day`

-- SELECT range::DATE AS day FROM range(DATE '2020-01-01', DATE '2020-01-10', INTERVAL 1 DAY)
SELECT CAST(`range` AS DATE) AS `day`
FROM (SELECT explode(filter(CASE WHEN CAST(DATE'2020-01-01' AS TIMESTAMP_NTZ) > CAST(DATE'2020-01-10' AS TIMESTAMP_NTZ) THEN CAST(array() AS ARRAY<TIMESTAMP_NTZ>) ELSE sequence(CAST(DATE'2020-01-01' AS TIMESTAMP_NTZ), CAST(DATE'2020-01-10' AS TIMESTAMP_NTZ), INTERVAL '1' DAY) END, x -> x < CAST(DATE'2020-01-10' AS TIMESTAMP_NTZ))) AS `range`) AS `range`
