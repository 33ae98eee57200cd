-- SELECT n, date_diff('week', t, z::TIMESTAMP) AS a, date_diff('week', DATE '2021-06-30', day) AS b, epoch_ms(z) AS c, date_diff('hour', z, TIMESTAMPTZ '1970-01-01 00:30:00') AS d FROM edges
SELECT `n`, CAST(datediff(CAST(CAST(`z` AS TIMESTAMP_NTZ) AS DATE), CAST(`t` AS DATE)) DIV 7 AS BIGINT) AS `a`, CAST(datediff(CAST(`day` AS DATE), CAST(DATE'2021-06-30' AS DATE)) DIV 7 AS BIGINT) AS `b`, (unix_micros(CAST(`z` AS TIMESTAMP_LTZ)) DIV 1000) AS `c`, CAST(floor(unix_micros(CAST(CAST(TIMESTAMP_LTZ'1970-01-01 00:30:00' AS TIMESTAMP_NTZ) AS TIMESTAMP_LTZ)) / 3600000000BD) - floor(unix_micros(CAST(CAST(`z` AS TIMESTAMP_NTZ) AS TIMESTAMP_LTZ)) / 3600000000BD) AS BIGINT) AS `d`
FROM `edges`

-- SELECT n, year(t) AS a, month(t) AS b, day(t) AS c, hour(t) AS d, minute(t) AS e, second(t) AS f, week(t) AS g, isodow(t) AS h, dayofweek(t) AS i, dayofyear(t) AS j, quarter(t) AS k, isoyear(t) AS l FROM edges
SELECT `n`, CAST(year(`t`) AS BIGINT) AS `a`, CAST(month(`t`) AS BIGINT) AS `b`, CAST(day(`t`) AS BIGINT) AS `c`, CAST(hour(`t`) AS BIGINT) AS `d`, CAST(minute(`t`) AS BIGINT) AS `e`, CAST(second(`t`) AS BIGINT) AS `f`, CAST(weekofyear(`t`) AS BIGINT) AS `g`, CAST(weekday(`t`) + 1 AS BIGINT) AS `h`, CAST(dayofweek(`t`) - 1 AS BIGINT) AS `i`, CAST(dayofyear(`t`) AS BIGINT) AS `j`, CAST(quarter(`t`) AS BIGINT) AS `k`, CAST(extract(YEAROFWEEK FROM `t`) AS BIGINT) AS `l`
FROM `edges`

-- SELECT n, date_trunc('year', t) AS a, date_trunc('quarter', t) AS b, date_trunc('month', t) AS c, date_trunc('week', t) AS d, date_trunc('day', t) AS e, date_trunc('hour', t) AS f, date_trunc('minute', t) AS g, date_trunc('second', t) AS h FROM edges
SELECT `n`, CAST(date_trunc('year', `t`) AS TIMESTAMP_NTZ) AS `a`, CAST(date_trunc('quarter', `t`) AS TIMESTAMP_NTZ) AS `b`, CAST(date_trunc('month', `t`) AS TIMESTAMP_NTZ) AS `c`, CAST(date_trunc('week', `t`) AS TIMESTAMP_NTZ) AS `d`, CAST(date_trunc('day', `t`) AS TIMESTAMP_NTZ) AS `e`, CAST(date_trunc('hour', `t`) AS TIMESTAMP_NTZ) AS `f`, CAST(date_trunc('minute', `t`) AS TIMESTAMP_NTZ) AS `g`, CAST(date_trunc('second', `t`) AS TIMESTAMP_NTZ) AS `h`
FROM `edges`

-- SELECT n, date_trunc('month', day) AS a, date_trunc('week', day) AS b, date_trunc('hour', day) AS c, date_trunc('day', z) AS d, hour(day) AS e FROM edges
SELECT `n`, CAST(date_trunc('month', CAST(`day` AS TIMESTAMP_NTZ)) AS TIMESTAMP_NTZ) AS `a`, CAST(date_trunc('week', CAST(`day` AS TIMESTAMP_NTZ)) AS TIMESTAMP_NTZ) AS `b`, CAST(date_trunc('hour', CAST(`day` AS TIMESTAMP_NTZ)) AS TIMESTAMP_NTZ) AS `c`, CAST(date_trunc('day', `z`) AS TIMESTAMP_LTZ) AS `d`, CASE WHEN `day` IS NULL THEN NULL ELSE 0L END AS `e`
FROM `edges`

-- SELECT n, epoch(t) AS a, epoch_ms(t) AS b, epoch_us(t) AS c, epoch(day) AS d, epoch_ms(day) AS e, epoch(z) AS f FROM edges
SELECT `n`, (CAST(unix_micros(CAST(`t` AS TIMESTAMP_LTZ)) AS DOUBLE) / 1E6D) AS `a`, (unix_micros(CAST(`t` AS TIMESTAMP_LTZ)) DIV 1000) AS `b`, unix_micros(CAST(`t` AS TIMESTAMP_LTZ)) AS `c`, (CAST(unix_micros(CAST(`day` AS TIMESTAMP_LTZ)) AS DOUBLE) / 1E6D) AS `d`, (unix_micros(CAST(`day` AS TIMESTAMP_LTZ)) DIV 1000) AS `e`, (CAST(unix_micros(CAST(`z` AS TIMESTAMP_LTZ)) AS DOUBLE) / 1E6D) AS `f`
FROM `edges`

-- SELECT n, date_diff('day', t, TIMESTAMP '1970-01-01 00:00:00') AS a, date_diff('hour', t, TIMESTAMP '1970-01-01 00:00:00') AS b, date_diff('minute', t, TIMESTAMP '1970-01-01 12:00:00') AS c, date_diff('second', TIMESTAMP '1970-01-01 00:00:00', t) AS d FROM edges
SELECT `n`, CAST(datediff(CAST(TIMESTAMP_NTZ'1970-01-01 00:00:00' AS DATE), CAST(`t` AS DATE)) AS BIGINT) AS `a`, CAST(floor(unix_micros(CAST(TIMESTAMP_NTZ'1970-01-01 00:00:00' AS TIMESTAMP_LTZ)) / 3600000000BD) - floor(unix_micros(CAST(`t` AS TIMESTAMP_LTZ)) / 3600000000BD) AS BIGINT) AS `b`, CAST(floor(unix_micros(CAST(TIMESTAMP_NTZ'1970-01-01 12:00:00' AS TIMESTAMP_LTZ)) / 60000000BD) - floor(unix_micros(CAST(`t` AS TIMESTAMP_LTZ)) / 60000000BD) AS BIGINT) AS `c`, CAST(floor(unix_micros(CAST(`t` AS TIMESTAMP_LTZ)) / 1000000BD) - floor(unix_micros(CAST(TIMESTAMP_NTZ'1970-01-01 00:00:00' AS TIMESTAMP_LTZ)) / 1000000BD) AS BIGINT) AS `d`
FROM `edges`

-- SELECT n, date_diff('week', day, DATE '1970-01-01') AS a, date_diff('month', day, DATE '1970-01-01') AS b, date_diff('quarter', day, DATE '1970-01-01') AS c, date_diff('year', day, DATE '1970-01-01') AS d FROM edges
SELECT `n`, CAST(datediff(CAST(DATE'1970-01-01' AS DATE), CAST(`day` AS DATE)) DIV 7 AS BIGINT) AS `a`, CAST((year(DATE'1970-01-01') * 12 + month(DATE'1970-01-01')) - (year(`day`) * 12 + month(`day`)) AS BIGINT) AS `b`, CAST((year(DATE'1970-01-01') * 4 + quarter(DATE'1970-01-01')) - (year(`day`) * 4 + quarter(`day`)) AS BIGINT) AS `c`, CAST(year(DATE'1970-01-01') - year(`day`) AS BIGINT) AS `d`
FROM `edges`

-- SELECT n, date_diff('week', t, TIMESTAMP '2021-01-01 00:00:00') AS a, date_diff('month', t, TIMESTAMP '2021-01-01 00:00:00') AS b, date_diff('day', day, DATE '2021-01-01') AS c FROM edges
SELECT `n`, CAST(datediff(CAST(TIMESTAMP_NTZ'2021-01-01 00:00:00' AS DATE), CAST(`t` AS DATE)) DIV 7 AS BIGINT) AS `a`, CAST((year(TIMESTAMP_NTZ'2021-01-01 00:00:00') * 12 + month(TIMESTAMP_NTZ'2021-01-01 00:00:00')) - (year(`t`) * 12 + month(`t`)) AS BIGINT) AS `b`, CAST(datediff(CAST(DATE'2021-01-01' AS DATE), CAST(`day` AS DATE)) AS BIGINT) AS `c`
FROM `edges`

-- SELECT n, t + INTERVAL 1 MONTH AS a, t - INTERVAL 1 YEAR AS b, t + INTERVAL 90 MINUTE AS c, day + INTERVAL 1 DAY AS d, day - 1 AS e, 1 + day AS f, INTERVAL 2 DAY + t AS g, z + INTERVAL 1 DAY AS h FROM edges WHERE year(t) < 9000
SELECT `n`, (`t` + INTERVAL '1' MONTH) AS `a`, (`t` - INTERVAL '1' YEAR) AS `b`, (`t` + INTERVAL '90' MINUTE) AS `c`, (CAST(`day` AS TIMESTAMP_NTZ) + INTERVAL '1' DAY) AS `d`, date_sub(`day`, CAST(1 AS INT)) AS `e`, date_add(`day`, CAST(1 AS INT)) AS `f`, (`t` + INTERVAL '2' DAY) AS `g`, (`z` + INTERVAL '1' DAY) AS `h`
FROM `edges`
WHERE (CAST(year(`t`) AS BIGINT) < 9000)

-- SELECT n, day + INTERVAL (tiny) MONTH AS a, t + INTERVAL (tiny) HOUR AS b, t + to_seconds(n) AS c, day + INTERVAL (n) WEEK AS d FROM edges WHERE year(t) < 9000
SELECT `n`, (CAST(`day` AS TIMESTAMP_NTZ) + make_ym_interval(0, CAST(`tiny` AS INT))) AS `a`, (`t` + make_dt_interval(0, CAST(`tiny` AS INT), 0, 0)) AS `b`, (`t` + make_dt_interval(0, 0, 0, CAST(`n` AS INT))) AS `c`, (CAST(`day` AS TIMESTAMP_NTZ) + make_dt_interval(7 * CAST(`n` AS INT), 0, 0, 0)) AS `d`
FROM `edges`
WHERE (CAST(year(`t`) AS BIGINT) < 9000)

-- SELECT n, t + INTERVAL '1 day 2 hours' AS a FROM edges
-- refused: this INTERVAL at `+` (write INTERVAL 15 MINUTE)

-- SELECT n, t + INTERVAL (x) SECOND AS a FROM edges WHERE abs(x) < 10
-- refused: an INTERVAL of DOUBLE at `+` (use a whole number)

-- SELECT n, t::DATE AS a, day::TIMESTAMP AS b, z::TIMESTAMP AS c, t::TIMESTAMPTZ AS d, z::DATE AS e FROM edges
SELECT `n`, CAST(`t` AS DATE) AS `a`, CAST(`day` AS TIMESTAMP_NTZ) AS `b`, CAST(`z` AS TIMESTAMP_NTZ) AS `c`, CAST(`t` AS TIMESTAMP_LTZ) AS `d`, CAST(`z` AS DATE) AS `e`
FROM `edges`

-- SELECT n, strftime(t, '%Y-%m-%d %H:%M:%S') AS a, strftime(day, '%d.%m.%y') AS b, strftime(t, '%a %A %b %B %j %p %I') AS c, strftime(t, '%f') AS d, strftime(t, 'Q''x %% Y') AS e FROM edges
SELECT `n`, CASE WHEN year(`t`) NOT BETWEEN 1 AND 9999 THEN raise_error('Lakebook: a year before 1 or after 9999 as a text') ELSE date_format(`t`, 'yyyy-MM-dd HH:mm:ss') END AS `a`, CASE WHEN year(CAST(`day` AS TIMESTAMP_NTZ)) NOT BETWEEN 1 AND 9999 THEN raise_error('Lakebook: a year before 1 or after 9999 as a text') ELSE date_format(CAST(`day` AS TIMESTAMP_NTZ), 'dd.MM.yy') END AS `b`, date_format(`t`, 'EEE EEEE MMM MMMM DDD a hh') AS `c`, date_format(`t`, 'SSSSSS') AS `d`, date_format(`t`, '\'Q\'\'x % Y\'') AS `e`
FROM `edges`

-- SELECT n, strftime('%Y', day) AS a, strftime(z, '%H:%M') AS b FROM edges
SELECT `n`, CASE WHEN year(CAST(`day` AS TIMESTAMP_NTZ)) NOT BETWEEN 1 AND 9999 THEN raise_error('Lakebook: a year before 1 or after 9999 as a text') ELSE date_format(CAST(`day` AS TIMESTAMP_NTZ), 'yyyy') END AS `a`, date_format(`z`, 'HH:mm') AS `b`
FROM `edges`

-- SELECT n, strftime(t, '%-d/%-m') AS a FROM edges
-- refused: %- in the format '%-d/%-m' at `strftime` (use %Y %m %d %H %M %S)

-- SELECT n, strftime(t, '%U') AS a FROM edges
-- refused: %U in the format '%U' at `strftime` (use %Y %m %d %H %M %S)

-- SELECT n, strptime('2021-02-' || (10 + n % 9) || ' 10:11:12', '%Y-%m-%d %H:%M:%S') AS a, strptime('0' || (1 + n % 9) || '/03/2020', '%d/%m/%Y') AS b, strptime('202102' || (10 + n % 9), '%Y%m%d') AS c FROM edges
SELECT `n`, to_timestamp_ntz((('2021-02-' || (10 + (`n` % 9))) || ' 10:11:12'), 'yyyy-MM-dd HH:mm:ss') AS `a`, to_timestamp_ntz((('0' || (1 + (`n` % 9))) || '/03/2020'), 'dd/MM/yyyy') AS `b`, to_timestamp_ntz(('202102' || (10 + (`n` % 9))), 'yyyyMMdd') AS `c`
FROM `edges`

-- SELECT n, strptime('5/3/20', '%d/%m/%y') AS a FROM edges
-- refused: %y in the format '%d/%m/%y' at `strptime` (use %Y %m %d %H %M %S)

-- SELECT n, dayname(day) AS a, monthname(day) AS b, last_day(day) AS c, last_day(t) AS d, dayname(t) AS e FROM edges
SELECT `n`, date_format(`day`, 'EEEE') AS `a`, date_format(`day`, 'MMMM') AS `b`, last_day(`day`) AS `c`, last_day(`t`) AS `d`, date_format(`t`, 'EEEE') AS `e`
FROM `edges`

-- SELECT n, make_date(2020 + n % 3, 1 + n % 12, 1 + n % 28) AS a, make_timestamp(n * 1000000000::BIGINT) AS b, to_timestamp(n * 100000) AS c, epoch_ms(n * 1234567::BIGINT) AS d, to_timestamp(-1.5) AS e FROM edges
-- refused: to_timestamp() of DECIMAL(2,1) at `to_timestamp` (use a whole number)

-- SELECT n, make_date(2020 + n % 3, 1 + n % 12, 1 + n % 28) AS a, make_timestamp(n * 1000000000::BIGINT) AS b, to_timestamp(n * 100000 - 5000000) AS c, epoch_ms(n * 1234567::BIGINT - 9999999) AS d FROM edges
SELECT `n`, make_date(CAST((2020 + (`n` % 3)) AS INT), CAST((1 + (`n` % 12)) AS INT), CAST((1 + (`n` % 28)) AS INT)) AS `a`, CAST(timestamp_micros((`n` * CAST(1000000000 AS BIGINT))) AS TIMESTAMP_NTZ) AS `b`, timestamp_seconds(((`n` * 100000) - 5000000)) AS `c`, CAST(timestamp_millis(((`n` * CAST(1234567 AS BIGINT)) - 9999999)) AS TIMESTAMP_NTZ) AS `d`
FROM `edges`

-- SELECT n, time_bucket(INTERVAL '7 days', t) AS a, time_bucket(INTERVAL '90 minutes', t) AS b, time_bucket(INTERVAL '2 days', day) AS c, time_bucket(INTERVAL '1 hour', z) AS d FROM edges
SELECT `n`, CAST(timestamp_micros(unix_micros(CAST(`t` AS TIMESTAMP_LTZ)) - pmod(unix_micros(CAST(`t` AS TIMESTAMP_LTZ)) - 946857600000000L, 604800000000L)) AS TIMESTAMP_NTZ) AS `a`, CAST(timestamp_micros(unix_micros(CAST(`t` AS TIMESTAMP_LTZ)) - pmod(unix_micros(CAST(`t` AS TIMESTAMP_LTZ)) - 946857600000000L, 5400000000L)) AS TIMESTAMP_NTZ) AS `b`, CAST(timestamp_micros(unix_micros(CAST(`day` AS TIMESTAMP_LTZ)) - pmod(unix_micros(CAST(`day` AS TIMESTAMP_LTZ)) - 946857600000000L, 172800000000L)) AS DATE) AS `c`, CAST(timestamp_micros(unix_micros(CAST(`z` AS TIMESTAMP_LTZ)) - pmod(unix_micros(CAST(`z` AS TIMESTAMP_LTZ)) - 946857600000000L, 3600000000L)) AS TIMESTAMP_LTZ) AS `d`
FROM `edges`

-- SELECT n, time_bucket(INTERVAL '1 month', t) AS a FROM edges
-- refused: time_bucket() of months at `time_bucket` (use date_trunc)

-- SELECT n, z AT TIME ZONE 'Europe/Madrid' AS a, z AT TIME ZONE 'UTC' AS b, t AT TIME ZONE 'UTC' AS c, z AT TIME ZONE 'America/New_York' AS d, z AT TIME ZONE 'Asia/Kolkata' AS e FROM edges
SELECT `n`, convert_timezone('UTC', 'Europe/Madrid', CAST(`z` AS TIMESTAMP_NTZ)) AS `a`, CAST(`z` AS TIMESTAMP_NTZ) AS `b`, CAST(`t` AS TIMESTAMP_LTZ) AS `c`, convert_timezone('UTC', 'America/New_York', CAST(`z` AS TIMESTAMP_NTZ)) AS `d`, convert_timezone('UTC', 'Asia/Kolkata', CAST(`z` AS TIMESTAMP_NTZ)) AS `e`
FROM `edges`

-- SELECT n, t AT TIME ZONE 'Europe/Madrid' AS a FROM edges
-- refused: a local time AT TIME ZONE 'Europe/Madrid' at `AT` (the engines differ when clocks are set back: keep times WITH TIME ZONE)

-- SELECT n, t = '1970-01-01' AS a, t > day AS b, day BETWEEN '1900-01-01' AND '1999-12-31' AS c, t < z AS d, day IN ('2020-02-29', '1970-01-01') AS e, z >= '2021-03-28 01:00:00' AS f FROM edges
SELECT `n`, (`t` = TIMESTAMP_NTZ'1970-01-01') AS `a`, (`t` > CAST(`day` AS TIMESTAMP_NTZ)) AS `b`, (`day` >= DATE'1900-01-01' AND `day` <= DATE'1999-12-31') AS `c`, (CAST(`t` AS TIMESTAMP_LTZ) < `z`) AS `d`, (`day` IN (DATE'2020-02-29', DATE'1970-01-01')) AS `e`, (`z` >= TIMESTAMP_LTZ'2021-03-28 01:00:00') AS `f`
FROM `edges`

-- SELECT n, t > '2020' AS a FROM edges
-- refused: the time '2020' at `>` (write it as YYYY-MM-DD hh:mm:ss)

-- SELECT n, epoch(t - TIMESTAMP '1970-01-01 00:00:00') AS a, t - TIMESTAMP '2000-01-01 00:00:00' > INTERVAL 30 DAY AS b, extract(epoch FROM (z - TIMESTAMPTZ '2021-01-01 00:00:00')) AS c FROM edges
SELECT `n`, (CAST(unix_micros(CAST(`t` AS TIMESTAMP_LTZ)) - unix_micros(CAST(TIMESTAMP_NTZ'1970-01-01 00:00:00' AS TIMESTAMP_LTZ)) AS DOUBLE) / 1E6D) AS `a`, ((`t` - TIMESTAMP_NTZ'2000-01-01 00:00:00') > INTERVAL '30' DAY) AS `b`, (CAST(unix_micros(CAST(`z` AS TIMESTAMP_LTZ)) - unix_micros(CAST(TIMESTAMP_LTZ'2021-01-01 00:00:00' AS TIMESTAMP_LTZ)) AS DOUBLE) / 1E6D) AS `c`
FROM `edges`

-- SELECT n, day - DATE '2000-01-01' AS a, DATE '2000-01-01' - INTERVAL 1 DAY AS b FROM edges
SELECT `n`, CAST(datediff(`day`, DATE'2000-01-01') AS BIGINT) AS `a`, (CAST(DATE'2000-01-01' AS TIMESTAMP_NTZ) - INTERVAL '1' DAY) AS `b`
FROM `edges`

-- SELECT min(t) AS a, max(t) AS b, min(day) AS c, max(z) AS d, count(DISTINCT t) AS e FROM edges
SELECT min(`t`) AS `a`, max(`t`) AS `b`, min(`day`) AS `c`, max(`z`) AS `d`, count(DISTINCT `t`) AS `e`
FROM `edges`

-- SELECT t, count(*) AS k FROM edges GROUP BY t ORDER BY t NULLS FIRST
SELECT `t`, count(*) AS `k`
FROM `edges`
GROUP BY `t`
ORDER BY `t` ASC NULLS FIRST

-- SELECT n, last_value(t) OVER (ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS a, lag(day, 1, DATE '2000-01-01') OVER (ORDER BY n) AS b FROM edges
SELECT `n`, last_value(`t`) OVER (ORDER BY `n` ASC NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS `a`, lag(`day`, 1, DATE'2000-01-01') OVER (ORDER BY `n` ASC NULLS LAST) AS `b`
FROM `edges`

-- SELECT n, count(*) OVER (ORDER BY z RANGE BETWEEN INTERVAL 1 DAY PRECEDING AND INTERVAL 1 HOUR FOLLOWING) AS a FROM edges
SELECT `n`, count(*) OVER (ORDER BY `z` ASC NULLS LAST RANGE BETWEEN INTERVAL '1 00:00:00' DAY TO SECOND PRECEDING AND INTERVAL '0 01:00:00' DAY TO SECOND FOLLOWING) AS `a`
FROM `edges`

-- SELECT n, sum(n) OVER (ORDER BY tiny RANGE BETWEEN 2 PRECEDING AND 2 FOLLOWING) AS a FROM edges
SELECT `n`, sum(`n`) OVER (ORDER BY `tiny` ASC NULLS LAST RANGE BETWEEN 2 PRECEDING AND 2 FOLLOWING) AS `a`
FROM `edges`

-- SELECT n, greatest(t, day) AS a, coalesce(day, t) AS b, CASE WHEN yes THEN day ELSE DATE '2000-01-01' END AS c, least(day, DATE '1999-01-01') AS d FROM edges
SELECT `n`, greatest(`t`, CAST(`day` AS TIMESTAMP_NTZ)) AS `a`, coalesce(CAST(`day` AS TIMESTAMP_NTZ), `t`) AS `b`, CASE WHEN `yes` THEN `day` ELSE DATE'2000-01-01' END AS `c`, least(`day`, DATE'1999-01-01') AS `d`
FROM `edges`

-- SELECT unnest(generate_series(TIMESTAMP '2020-01-01 00:00:00', TIMESTAMP '2020-01-02 00:00:00', INTERVAL 6 HOUR)) AS a
SELECT explode(CASE WHEN CAST(TIMESTAMP_NTZ'2020-01-01 00:00:00' AS TIMESTAMP_NTZ) > CAST(TIMESTAMP_NTZ'2020-01-02 00:00:00' AS TIMESTAMP_NTZ) THEN CAST(array() AS ARRAY<TIMESTAMP_NTZ>) ELSE sequence(CAST(TIMESTAMP_NTZ'2020-01-01 00:00:00' AS TIMESTAMP_NTZ), CAST(TIMESTAMP_NTZ'2020-01-02 00:00:00' AS TIMESTAMP_NTZ), INTERVAL '6' HOUR) END) AS `a`

-- SELECT unnest(generate_series(DATE '2020-01-31', DATE '2020-06-30', INTERVAL 1 MONTH)) AS a
-- refused: generate_series() by months at `generate_series` (generate days and use date_trunc)

-- SELECT date_part('year', t) AS a, extract(isodow FROM day) AS b, date_part('epoch', t) AS c, extract(hour FROM z) AS d FROM edges
SELECT CAST(year(`t`) AS BIGINT) AS `a`, CAST(weekday(`day`) + 1 AS BIGINT) AS `b`, (CAST(unix_micros(CAST(`t` AS TIMESTAMP_LTZ)) AS DOUBLE) / 1E6D) AS `c`, CAST(hour(CAST(`z` AS TIMESTAMP_NTZ)) AS BIGINT) AS `d`
FROM `edges`

-- SELECT date_part('century', t) AS a FROM edges
-- refused: the date part century at `date_part`

-- SELECT current_timestamp > t AS a FROM edges
SELECT (`current_timestamp` > CAST(`t` AS TIMESTAMP_LTZ)) AS `a`
FROM `edges`

-- SELECT now() IS NULL AS a, today() IS NULL AS b
-- refused: now() at `now` (use a parameter)
-- refused: today() at `today` (use a parameter)
