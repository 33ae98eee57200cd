-- SELECT n, day::VARCHAR AS a, t::VARCHAR AS b, (day + 3000000)::VARCHAR AS c FROM edges WHERE day IS NOT NULL
SELECT `n`, CASE WHEN year(`day`) NOT BETWEEN 1 AND 9999 THEN raise_error('Lakebook: a year before 1 or after 9999 as a text') ELSE CAST(`day` AS STRING) END AS `a`, CASE WHEN year(`t`) NOT BETWEEN 1 AND 9999 THEN raise_error('Lakebook: a year before 1 or after 9999 as a text') ELSE CAST(`t` AS STRING) END AS `b`, CASE WHEN year(date_add(`day`, CAST(3000000 AS INT))) NOT BETWEEN 1 AND 9999 THEN raise_error('Lakebook: a year before 1 or after 9999 as a text') ELSE CAST(date_add(`day`, CAST(3000000 AS INT)) AS STRING) END AS `c`
FROM `edges`
WHERE (`day` IS NOT NULL)

-- SELECT n, (day - 800000)::VARCHAR AS a FROM edges
SELECT `n`, CASE WHEN year(date_sub(`day`, CAST(800000 AS INT))) NOT BETWEEN 1 AND 9999 THEN raise_error('Lakebook: a year before 1 or after 9999 as a text') ELSE CAST(date_sub(`day`, CAST(800000 AS INT)) AS STRING) END AS `a`
FROM `edges`

-- SELECT n, strftime(day + 3000000, '%Y-%m-%d') AS a FROM edges
SELECT `n`, CASE WHEN year(CAST(date_add(`day`, CAST(3000000 AS INT)) AS TIMESTAMP_NTZ)) NOT BETWEEN 1 AND 9999 THEN raise_error('Lakebook: a year before 1 or after 9999 as a text') ELSE date_format(CAST(date_add(`day`, CAST(3000000 AS INT)) AS TIMESTAMP_NTZ), 'yyyy-MM-dd') END AS `a`
FROM `edges`

-- SELECT n, strftime(day - 800000, '%Y') AS a FROM edges
SELECT `n`, CASE WHEN year(CAST(date_sub(`day`, CAST(800000 AS INT)) AS TIMESTAMP_NTZ)) NOT BETWEEN 1 AND 9999 THEN raise_error('Lakebook: a year before 1 or after 9999 as a text') ELSE date_format(CAST(date_sub(`day`, CAST(800000 AS INT)) AS TIMESTAMP_NTZ), 'yyyy') END AS `a`
FROM `edges`

-- SELECT n, year(day - 800000) AS a, month(day - 800000) AS b, day(day + 3000000) AS c, year(day + 3000000) AS d, dayofweek(day - 800000) AS e FROM edges
SELECT `n`, CAST(year(date_sub(`day`, CAST(800000 AS INT))) AS BIGINT) AS `a`, CAST(month(date_sub(`day`, CAST(800000 AS INT))) AS BIGINT) AS `b`, CAST(day(date_add(`day`, CAST(3000000 AS INT))) AS BIGINT) AS `c`, CAST(year(date_add(`day`, CAST(3000000 AS INT))) AS BIGINT) AS `d`, CAST(dayofweek(date_sub(`day`, CAST(800000 AS INT))) - 1 AS BIGINT) AS `e`
FROM `edges`

-- SELECT n, date_trunc('month', day - 800000) AS a, date_diff('month', day - 800000, day) AS b, date_diff('year', day, day + 3000000) AS c, last_day(day - 800000) AS d FROM edges
SELECT `n`, CAST(date_trunc('month', CAST(date_sub(`day`, CAST(800000 AS INT)) AS TIMESTAMP_NTZ)) AS TIMESTAMP_NTZ) AS `a`, CAST((year(`day`) * 12 + month(`day`)) - (year(date_sub(`day`, CAST(800000 AS INT))) * 12 + month(date_sub(`day`, CAST(800000 AS INT)))) AS BIGINT) AS `b`, CAST(year(date_add(`day`, CAST(3000000 AS INT))) - year(`day`) AS BIGINT) AS `c`, last_day(date_sub(`day`, CAST(800000 AS INT))) AS `d`
FROM `edges`

-- SELECT n, day + INTERVAL 1 MONTH AS a, day - INTERVAL 1 MONTH AS b, DATE '2020-01-31' + INTERVAL (n) MONTH AS c, DATE '2020-02-29' + INTERVAL 1 YEAR AS d, DATE '2021-03-31' - INTERVAL 1 MONTH AS e FROM edges
SELECT `n`, (CAST(`day` AS TIMESTAMP_NTZ) + INTERVAL '1' MONTH) AS `a`, (CAST(`day` AS TIMESTAMP_NTZ) - INTERVAL '1' MONTH) AS `b`, (CAST(DATE'2020-01-31' AS TIMESTAMP_NTZ) + make_ym_interval(0, CAST(`n` AS INT))) AS `c`, (CAST(DATE'2020-02-29' AS TIMESTAMP_NTZ) + INTERVAL '1' YEAR) AS `d`, (CAST(DATE'2021-03-31' AS TIMESTAMP_NTZ) - INTERVAL '1' MONTH) AS `e`
FROM `edges`

-- SELECT n, t + INTERVAL 1 DAY AS a, t + INTERVAL 24 HOUR AS b, t - INTERVAL 1 SECOND AS c, t + INTERVAL 3 MILLISECOND AS d FROM edges WHERE t < '9000-01-01'
-- refused: this INTERVAL at `+` (write INTERVAL 15 MINUTE)

-- SELECT n, t + INTERVAL 1 DAY AS a, t + INTERVAL 24 HOUR AS b, t - INTERVAL 1 SECOND AS c, z + INTERVAL 1 MONTH AS d, z - INTERVAL 1 HOUR AS e FROM edges WHERE t < '9000-01-01'
SELECT `n`, (`t` + INTERVAL '1' DAY) AS `a`, (`t` + INTERVAL '24' HOUR) AS `b`, (`t` - INTERVAL '1' SECOND) AS `c`, (`z` + INTERVAL '1' MONTH) AS `d`, (`z` - INTERVAL '1' HOUR) AS `e`
FROM `edges`
WHERE (`t` < TIMESTAMP_NTZ'9000-01-01')

-- SELECT n, DATE '2021-01-01' - day AS a, day - DATE '2021-01-01' AS b, DATE '2021-01-01' + n AS c, day > t AS d, day = t::DATE AS e, t - t AS f FROM edges
SELECT `n`, CAST(datediff(DATE'2021-01-01', `day`) AS BIGINT) AS `a`, CAST(datediff(`day`, DATE'2021-01-01') AS BIGINT) AS `b`, date_add(DATE'2021-01-01', CAST(`n` AS INT)) AS `c`, (CAST(`day` AS TIMESTAMP_NTZ) > `t`) AS `d`, (`day` = CAST(`t` AS DATE)) AS `e`, (`t` - `t`) AS `f`
FROM `edges`

-- SELECT n, DATE '2021-01-01' - day AS a, day - DATE '2021-01-01' AS b, DATE '2021-01-01' + n AS c, day > t AS d, day = t::DATE AS e, epoch(t - t) AS f FROM edges
SELECT `n`, CAST(datediff(DATE'2021-01-01', `day`) AS BIGINT) AS `a`, CAST(datediff(`day`, DATE'2021-01-01') AS BIGINT) AS `b`, date_add(DATE'2021-01-01', CAST(`n` AS INT)) AS `c`, (CAST(`day` AS TIMESTAMP_NTZ) > `t`) AS `d`, (`day` = CAST(`t` AS DATE)) AS `e`, (CAST(unix_micros(CAST(`t` AS TIMESTAMP_LTZ)) - unix_micros(CAST(`t` AS TIMESTAMP_LTZ)) AS DOUBLE) / 1E6D) AS `f`
FROM `edges`

-- SELECT n, date_diff('day', t, z::TIMESTAMP) AS a, date_diff('hour', t, z::TIMESTAMP) AS b, date_diff('minute', t, z::TIMESTAMP) AS c, date_diff('second', t, z::TIMESTAMP) AS d, date_diff('month', t, z::TIMESTAMP) AS e, date_diff('quarter', t, z::TIMESTAMP) AS f, date_diff('year', t, z::TIMESTAMP) AS g FROM edges
SELECT `n`, CAST(datediff(CAST(CAST(`z` AS TIMESTAMP_NTZ) AS DATE), CAST(`t` AS DATE)) AS BIGINT) AS `a`, CAST(floor(unix_micros(CAST(CAST(`z` AS TIMESTAMP_NTZ) AS TIMESTAMP_LTZ)) / 3600000000BD) - floor(unix_micros(CAST(`t` AS TIMESTAMP_LTZ)) / 3600000000BD) AS BIGINT) AS `b`, CAST(floor(unix_micros(CAST(CAST(`z` AS TIMESTAMP_NTZ) AS TIMESTAMP_LTZ)) / 60000000BD) - floor(unix_micros(CAST(`t` AS TIMESTAMP_LTZ)) / 60000000BD) AS BIGINT) AS `c`, CAST(floor(unix_micros(CAST(CAST(`z` AS TIMESTAMP_NTZ) AS TIMESTAMP_LTZ)) / 1000000BD) - floor(unix_micros(CAST(`t` AS TIMESTAMP_LTZ)) / 1000000BD) AS BIGINT) AS `d`, CAST((year(CAST(`z` AS TIMESTAMP_NTZ)) * 12 + month(CAST(`z` AS TIMESTAMP_NTZ))) - (year(`t`) * 12 + month(`t`)) AS BIGINT) AS `e`, CAST((year(CAST(`z` AS TIMESTAMP_NTZ)) * 4 + quarter(CAST(`z` AS TIMESTAMP_NTZ))) - (year(`t`) * 4 + quarter(`t`)) AS BIGINT) AS `f`, CAST(year(CAST(`z` AS TIMESTAMP_NTZ)) - year(`t`) AS BIGINT) AS `g`
FROM `edges`

-- SELECT n, date_diff('millisecond', t, z::TIMESTAMP) AS a FROM edges
-- refused: date_diff('millisecond') at `date_diff`

-- SELECT n, date_part('dow', day) AS a, date_part('isodow', day) AS b, date_part('week', day) AS c, date_part('isoyear', day) AS d, date_part('doy', day) AS e, date_part('quarter', day) AS f, extract(week FROM t) AS g FROM edges
SELECT `n`, CAST(dayofweek(`day`) - 1 AS BIGINT) AS `a`, CAST(weekday(`day`) + 1 AS BIGINT) AS `b`, CAST(weekofyear(`day`) AS BIGINT) AS `c`, CAST(extract(YEAROFWEEK FROM `day`) AS BIGINT) AS `d`, CAST(dayofyear(`day`) AS BIGINT) AS `e`, CAST(quarter(`day`) AS BIGINT) AS `f`, CAST(weekofyear(`t`) AS BIGINT) AS `g`
FROM `edges`

-- SELECT n, date_part('second', t) AS a, date_part('epoch', t) AS b, date_part('millisecond', t) AS c FROM edges
-- refused: the date part millisecond at `date_part`

-- SELECT n, date_part('second', t) AS a, date_part('epoch', t) AS b, second(z) AS c, minute(z) AS d, hour(z) AS e, day(z) AS f FROM edges
SELECT `n`, CAST(second(`t`) AS BIGINT) AS `a`, (CAST(unix_micros(CAST(`t` AS TIMESTAMP_LTZ)) AS DOUBLE) / 1E6D) AS `b`, CAST(second(CAST(`z` AS TIMESTAMP_NTZ)) AS BIGINT) AS `c`, CAST(minute(CAST(`z` AS TIMESTAMP_NTZ)) AS BIGINT) AS `d`, CAST(hour(CAST(`z` AS TIMESTAMP_NTZ)) AS BIGINT) AS `e`, CAST(day(CAST(`z` AS TIMESTAMP_NTZ)) AS BIGINT) AS `f`
FROM `edges`

-- SELECT n, date_trunc('day', z) AS a, date_trunc('hour', z) AS b, date_trunc('month', z) AS c, z::DATE AS d, date_trunc('week', t) AS e, date_trunc('quarter', day) AS f FROM edges
SELECT `n`, CAST(date_trunc('day', `z`) AS TIMESTAMP_LTZ) AS `a`, CAST(date_trunc('hour', `z`) AS TIMESTAMP_LTZ) AS `b`, CAST(date_trunc('month', `z`) AS TIMESTAMP_LTZ) AS `c`, CAST(`z` AS DATE) AS `d`, CAST(date_trunc('week', `t`) AS TIMESTAMP_NTZ) AS `e`, CAST(date_trunc('quarter', CAST(`day` AS TIMESTAMP_NTZ)) AS TIMESTAMP_NTZ) AS `f`
FROM `edges`

-- SELECT n, z AT TIME ZONE 'America/Sao_Paulo' AS a, date_trunc('day', z AT TIME ZONE 'Asia/Kathmandu') AS b, hour(z AT TIME ZONE 'Australia/Lord_Howe') AS c, (z AT TIME ZONE 'Europe/Madrid')::DATE AS d FROM edges
SELECT `n`, convert_timezone('UTC', 'America/Sao_Paulo', CAST(`z` AS TIMESTAMP_NTZ)) AS `a`, CAST(date_trunc('day', convert_timezone('UTC', 'Asia/Kathmandu', CAST(`z` AS TIMESTAMP_NTZ))) AS TIMESTAMP_NTZ) AS `b`, CAST(hour(convert_timezone('UTC', 'Australia/Lord_Howe', CAST(`z` AS TIMESTAMP_NTZ))) AS BIGINT) AS `c`, CAST(convert_timezone('UTC', 'Europe/Madrid', CAST(`z` AS TIMESTAMP_NTZ)) AS DATE) AS `d`
FROM `edges`

-- SELECT n, (z - INTERVAL 50000 DAY) AT TIME ZONE 'Europe/Madrid' AS a, (z - INTERVAL 60000 DAY) AT TIME ZONE 'America/New_York' AS b FROM edges
SELECT `n`, convert_timezone('UTC', 'Europe/Madrid', CAST((`z` - INTERVAL '50000' DAY) AS TIMESTAMP_NTZ)) AS `a`, convert_timezone('UTC', 'America/New_York', CAST((`z` - INTERVAL '60000' DAY) AS TIMESTAMP_NTZ)) AS `b`
FROM `edges`

-- SELECT n, (z + INTERVAL 30000 DAY) AT TIME ZONE 'Europe/Madrid' AS a, (z + INTERVAL 10000 DAY) AT TIME ZONE 'America/New_York' AS b FROM edges
SELECT `n`, convert_timezone('UTC', 'Europe/Madrid', CAST((`z` + INTERVAL '30000' DAY) AS TIMESTAMP_NTZ)) AS `a`, convert_timezone('UTC', 'America/New_York', CAST((`z` + INTERVAL '10000' DAY) AS TIMESTAMP_NTZ)) AS `b`
FROM `edges`

-- SELECT n, z AT TIME ZONE 'EST' AS a FROM edges
-- refused: the time zone 'EST' at `AT` (use a name such as Europe/Madrid)

-- SELECT n, t::TIMESTAMPTZ = z AS a, z > TIMESTAMP '2021-03-28 01:00:00' AS b, z::TIMESTAMP > t AS c, z = '2021-03-28 00:30:00' AS d FROM edges
SELECT `n`, (CAST(`t` AS TIMESTAMP_LTZ) = `z`) AS `a`, (`z` > CAST(TIMESTAMP_NTZ'2021-03-28 01:00:00' AS TIMESTAMP_LTZ)) AS `b`, (CAST(`z` AS TIMESTAMP_NTZ) > `t`) AS `c`, (`z` = TIMESTAMP_LTZ'2021-03-28 00:30:00') AS `d`
FROM `edges`

-- SELECT n, TIMESTAMPTZ '2021-03-28 02:30:00+02' AS a FROM edges
-- refused: the time '2021-03-28 02:30:00+02' at `SELECT n, TIMESTAMPTZ '2021-03-28 02:30:00+02' AS a FROM edges` (write it as YYYY-MM-DD hh:mm:ss)

-- SELECT n, strftime(t, '%Y-%m-%dT%H:%M:%S.%fZ') AS a, strftime(t, '%d %b %Y') AS b, strftime(t, '%I:%M %p') AS c, strftime(t, '%H''%M"%S') AS d, strftime(day, '%Y%m%d') AS e FROM edges WHERE year(t) > 1000 AND year(day) > 1000
SELECT `n`, CASE WHEN year(`t`) NOT BETWEEN 1 AND 9999 THEN raise_error('Lakebook: a year before 1 or after 9999 as a text') ELSE date_format(`t`, 'yyyy-MM-dd\'T\'HH:mm:ss.SSSSSS\'Z\'') END AS `a`, CASE WHEN year(`t`) NOT BETWEEN 1 AND 9999 THEN raise_error('Lakebook: a year before 1 or after 9999 as a text') ELSE date_format(`t`, 'dd MMM yyyy') END AS `b`, date_format(`t`, 'hh:mm a') AS `c`, date_format(`t`, 'HH\'\'\'\'mm\'"\'ss') AS `d`, CASE WHEN year(CAST(`day` AS TIMESTAMP_NTZ)) NOT BETWEEN 1 AND 9999 THEN raise_error('Lakebook: a year before 1 or after 9999 as a text') ELSE date_format(CAST(`day` AS TIMESTAMP_NTZ), 'yyyyMMdd') END AS `e`
FROM `edges`
WHERE ((CAST(year(`t`) AS BIGINT) > 1000) AND (CAST(year(`day`) AS BIGINT) > 1000))

-- SELECT n, strftime(t, '%G-W%V') AS a FROM edges
-- refused: %G in the format '%G-W%V' at `strftime` (use %Y %m %d %H %M %S)

-- SELECT n, strftime(t, '%s') AS a, strftime(t, '%e') AS b FROM edges
-- refused: %s in the format '%s' at `strftime` (use %Y %m %d %H %M %S)
-- refused: %e in the format '%e' at `strftime` (use %Y %m %d %H %M %S)

-- SELECT n, strptime('2021-13-01', '%Y-%m-%d') AS a FROM edges
SELECT `n`, to_timestamp_ntz('2021-13-01', 'yyyy-MM-dd') AS `a`
FROM `edges`

-- SELECT n, strptime('2021-1-' || n, '%Y-%m-%d') AS a FROM edges WHERE n BETWEEN 10 AND 28
SELECT `n`, to_timestamp_ntz(('2021-1-' || `n`), 'yyyy-MM-dd') AS `a`
FROM `edges`
WHERE (`n` >= 10 AND `n` <= 28)

-- SELECT n, strptime('2021-02-29', '%Y-%m-%d') AS a FROM edges WHERE n = 1
SELECT `n`, to_timestamp_ntz('2021-02-29', 'yyyy-MM-dd') AS `a`
FROM `edges`
WHERE (`n` = 1)

-- SELECT n, strptime('29.02.2020 07:08', '%d.%m.%Y %H:%M') AS a, strptime('2020-02-29T07:08:09', '%Y-%m-%dT%H:%M:%S') AS b, strptime('2020', '%Y') AS c, strptime('02/2020', '%m/%Y') AS d FROM edges WHERE n = 1
SELECT `n`, to_timestamp_ntz('29.02.2020 07:08', 'dd.MM.yyyy HH:mm') AS `a`, to_timestamp_ntz('2020-02-29T07:08:09', 'yyyy-MM-dd\'T\'HH:mm:ss') AS `b`, to_timestamp_ntz('2020', 'yyyy') AS `c`, to_timestamp_ntz('02/2020', 'MM/yyyy') AS `d`
FROM `edges`
WHERE (`n` = 1)

-- SELECT n, make_date(2021, 2, 28 + n) AS a FROM edges WHERE n < 2
SELECT `n`, make_date(CAST(2021 AS INT), CAST(2 AS INT), CAST((28 + `n`) AS INT)) AS `a`
FROM `edges`
WHERE (`n` < 2)

-- SELECT n, make_timestamp(2021, 2, 3, 4, 5, 6.5) AS a FROM edges WHERE n < 2
-- refused: make_timestamp() with 6 arguments at `make_timestamp`

-- SELECT n, epoch(z) AS a, epoch_ms(t) AS b, epoch_us(z) AS c, epoch(day) AS d, to_timestamp(n) AS e, to_timestamp(-n) AS f, epoch_ms(-n::BIGINT) AS g FROM edges
SELECT `n`, (CAST(unix_micros(CAST(`z` AS TIMESTAMP_LTZ)) AS DOUBLE) / 1E6D) AS `a`, (unix_micros(CAST(`t` AS TIMESTAMP_LTZ)) DIV 1000) AS `b`, unix_micros(CAST(`z` AS TIMESTAMP_LTZ)) AS `c`, (CAST(unix_micros(CAST(`day` AS TIMESTAMP_LTZ)) AS DOUBLE) / 1E6D) AS `d`, timestamp_seconds(`n`) AS `e`, timestamp_seconds((- `n`)) AS `f`, CAST(timestamp_millis((- CAST(`n` AS BIGINT))) AS TIMESTAMP_NTZ) AS `g`
FROM `edges`

-- SELECT n, greatest(day, '2020-01-01') AS a, least(t, z::TIMESTAMP) AS b, greatest(day, t) AS c, coalesce(day, t) AS d, CASE WHEN yes THEN day ELSE t END AS e FROM edges
SELECT `n`, greatest(`day`, DATE'2020-01-01') AS `a`, least(`t`, CAST(`z` AS TIMESTAMP_NTZ)) AS `b`, greatest(CAST(`day` AS TIMESTAMP_NTZ), `t`) AS `c`, coalesce(CAST(`day` AS TIMESTAMP_NTZ), `t`) AS `d`, CASE WHEN `yes` THEN CAST(`day` AS TIMESTAMP_NTZ) ELSE `t` END AS `e`
FROM `edges`

-- SELECT n, day IN ('2020-02-29', DATE '1970-01-01') AS a, t BETWEEN '1900-01-01' AND '2000-01-01' AS b, t >= DATE '1970-01-01' AS c, day < '2020-06-01'::DATE AS d FROM edges
SELECT `n`, (`day` IN (DATE'2020-02-29', DATE'1970-01-01')) AS `a`, (`t` >= TIMESTAMP_NTZ'1900-01-01' AND `t` <= TIMESTAMP_NTZ'2000-01-01') AS `b`, (`t` >= CAST(DATE'1970-01-01' AS TIMESTAMP_NTZ)) AS `c`, (`day` < DATE'2020-06-01') AS `d`
FROM `edges`

-- SELECT n, '2021-02-30'::DATE AS a FROM edges
SELECT `n`, DATE'2021-02-30' AS `a`
FROM `edges`

-- SELECT n, ('2021-02-' || (26 + n))::DATE AS a FROM edges WHERE n < 9
SELECT `n`, CAST(CASE WHEN ('2021-02-' || (26 + `n`)) IS NULL OR ('2021-02-' || (26 + `n`)) RLIKE '\\A[0-9]{4}-[0-9]{2}-[0-9]{2}\\z' THEN ('2021-02-' || (26 + `n`)) ELSE raise_error(concat('Lakebook: not a DATE that both engines read alike: ', ('2021-02-' || (26 + `n`)))) END AS DATE) AS `a`
FROM `edges`
WHERE (`n` < 9)

-- SELECT n, ('2021-02-03 04:05:' || (10 + n) || '.1234567')::TIMESTAMP AS a FROM edges WHERE n < 9
SELECT `n`, CAST(CASE WHEN (('2021-02-03 04:05:' || (10 + `n`)) || '.1234567') IS NULL OR (('2021-02-03 04:05:' || (10 + `n`)) || '.1234567') RLIKE '\\A[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?)?\\z' THEN (('2021-02-03 04:05:' || (10 + `n`)) || '.1234567') ELSE raise_error(concat('Lakebook: not a TIMESTAMP_NTZ that both engines read alike: ', (('2021-02-03 04:05:' || (10 + `n`)) || '.1234567'))) END AS TIMESTAMP_NTZ) AS `a`
FROM `edges`
WHERE (`n` < 9)

-- SELECT min(t) AS a, max(t) AS b, min(z) AS c, max(day) AS d, count(DISTINCT t::DATE) AS e, median(epoch(z)) AS f FROM edges
SELECT min(`t`) AS `a`, max(`t`) AS `b`, min(`z`) AS `c`, max(`day`) AS `d`, count(DISTINCT CAST(`t` AS DATE)) AS `e`, percentile(CAST((CAST(unix_micros(CAST(`z` AS TIMESTAMP_LTZ)) AS DOUBLE) / 1E6D) AS DOUBLE), 0.5D) AS `f`
FROM `edges`

-- SELECT date_trunc('month', t) AS m, count(*) AS c, min(day) AS d FROM edges GROUP BY 1 ORDER BY m NULLS FIRST
SELECT CAST(date_trunc('month', `t`) AS TIMESTAMP_NTZ) AS `m`, count(*) AS `c`, min(`day`) AS `d`
FROM `edges`
GROUP BY CAST(date_trunc('month', `t`) AS TIMESTAMP_NTZ)
ORDER BY `m` ASC NULLS FIRST

-- SELECT n, time_bucket(INTERVAL '1 week', day) AS a, time_bucket(INTERVAL '15 minutes', t) AS b, time_bucket(INTERVAL '3 days', t) AS c FROM edges
SELECT `n`, CAST(timestamp_micros(unix_micros(CAST(`day` AS TIMESTAMP_LTZ)) - pmod(unix_micros(CAST(`day` AS TIMESTAMP_LTZ)) - 946857600000000L, 604800000000L)) AS DATE) AS `a`, CAST(timestamp_micros(unix_micros(CAST(`t` AS TIMESTAMP_LTZ)) - pmod(unix_micros(CAST(`t` AS TIMESTAMP_LTZ)) - 946857600000000L, 900000000L)) AS TIMESTAMP_NTZ) AS `b`, CAST(timestamp_micros(unix_micros(CAST(`t` AS TIMESTAMP_LTZ)) - pmod(unix_micros(CAST(`t` AS TIMESTAMP_LTZ)) - 946857600000000L, 259200000000L)) AS TIMESTAMP_NTZ) AS `c`
FROM `edges`

-- SELECT n, time_bucket(INTERVAL '1 year', t) AS a FROM edges
-- refused: time_bucket() of months at `time_bucket` (use date_trunc)

-- SELECT d::DATE AS d, dayname(d) AS w FROM generate_series(TIMESTAMP '2020-02-27', TIMESTAMP '2020-03-02', INTERVAL 1 DAY) g(d)
SELECT CAST(`d` AS DATE) AS `d`, date_format(`d`, 'EEEE') AS `w`
FROM (SELECT explode(CASE WHEN CAST(TIMESTAMP_NTZ'2020-02-27' AS TIMESTAMP_NTZ) > CAST(TIMESTAMP_NTZ'2020-03-02' AS TIMESTAMP_NTZ) THEN CAST(array() AS ARRAY<TIMESTAMP_NTZ>) ELSE sequence(CAST(TIMESTAMP_NTZ'2020-02-27' AS TIMESTAMP_NTZ), CAST(TIMESTAMP_NTZ'2020-03-02' AS TIMESTAMP_NTZ), INTERVAL '1' DAY) END) AS `d`) AS `g`

-- SELECT d::DATE AS d FROM generate_series(DATE '2020-01-31', DATE '2020-06-30', INTERVAL 1 MONTH) g(d)
-- refused: generate_series() by months at `generate_series` (generate days and use date_trunc)

-- SELECT n, INTERVAL (n) DAY > INTERVAL 10 DAY AS a FROM edges
SELECT `n`, (make_dt_interval(CAST(`n` AS INT), 0, 0, 0) > INTERVAL '10' DAY) AS `a`
FROM `edges`

-- SELECT n, t - TIMESTAMP '2021-01-01 00:00:00' > INTERVAL 10 DAY AS a, t - INTERVAL 90 SECOND < t AS b FROM edges
SELECT `n`, ((`t` - TIMESTAMP_NTZ'2021-01-01 00:00:00') > INTERVAL '10' DAY) AS `a`, ((`t` - INTERVAL '90' SECOND) < `t`) AS `b`
FROM `edges`

-- SELECT n, age(t) AS a FROM edges
-- refused: age() at `age` (use date_diff)

-- SELECT n, date_add(day, INTERVAL 1 DAY) AS a FROM edges
-- refused: date_add() at `date_add`

-- SELECT n, (z AT TIME ZONE 'Europe/Madrid') AT TIME ZONE 'Europe/Madrid' AS a FROM edges
-- refused: a local time AT TIME ZONE 'Europe/Madrid' at `AT` (the engines differ when clocks are set back: keep times WITH TIME ZONE)
