-- edges of texts
SELECT n, upper(word) AS u, lower(word) AS l, length(word) AS len, strlen(word) AS bytes FROM edges
SELECT n, trim(word) AS t, ltrim(word) AS lt, rtrim(word) AS rt, trim(word, 'a x') AS tc, ltrim(word, ' ') AS lc FROM edges
SELECT n, substring(word, 1, 1) AS a, substr(word, 2) AS b, left(word, 0) AS c, right(word, 1) AS d, substring(word, 3, 0) AS e, word[2:3] AS f FROM edges
SELECT n, lpad(word, 4, 'xy') AS a, rpad(word, 30, '-') AS b, repeat(word, 0) AS c, repeat(word, tiny) AS d FROM edges WHERE tiny <= 7
SELECT n, replace(word, 's', '') AS a, replace(word, '', 'x') AS b, replace(word, word, 'same') AS c FROM edges
SELECT n, strpos(word, '') AS a, strpos(word, 'x') AS b, instr(word, word) AS c, position('b' IN word) AS d FROM edges
SELECT n, contains(word, '') AS a, starts_with(word, 'a') AS b, ends_with(word, '') AS c, suffix(word, 'x') AS d, prefix(word, word) AS e FROM edges
SELECT n, split_part(word, ' ', 1) AS a, split_part(word, '|', 2) AS b, split_part(word, '.', 9) AS c FROM edges
SELECT n, string_split(word, ' ') AS a, split(word, '.') AS b, str_split(word, '|') AS c, string_to_array(word, 'ß') AS d FROM edges
SELECT n, concat(word, NULL, n) AS a, concat_ws(',', word, NULL, n) AS b, word || n AS c, concat_ws(NULL, word, 'x') AS d FROM edges
SELECT n, md5(word) AS a, sha256(word) AS b, ascii(word) AS c FROM edges
SELECT n, word LIKE '%\%' AS a, word LIKE 'a_b%' AS b, word LIKE '_ smile' AS c, word ILIKE 'STRASSE%' AS d, word ILIKE '%ΣΑΣ' AS e, word LIKE word AS f, word NOT LIKE '%a%' AS g FROM edges
SELECT n, word LIKE 'a$_b%' ESCAPE '$' AS a, word NOT ILIKE '%ABC%' AS b, word ILIKE '%istan%' AS c FROM edges
SELECT n, regexp_matches(word, '^a') AS a, regexp_matches(word, 'd$') AS b, regexp_matches(word, 'a.b') AS c, regexp_matches(word, '\bend\b') AS d, regexp_matches(word, '\s') AS e, regexp_matches(word, '[[:alpha:]]+') AS f FROM edges
SELECT n, regexp_full_match(word, '.*') AS a, regexp_full_match(word, '-?\d+') AS b, word SIMILAR TO 'a.*' AS c, word !~ '[0-9.]+' AS d, regexp_full_match(word, 'a|a\\b%_') AS e FROM edges
SELECT n, regexp_extract(word, '[0-9]+') AS a, regexp_extract(word, '(\w+) (\w+)', 2) AS b, regexp_extract(word, 'z(x)?', 1) AS c, regexp_extract(word, '(e)(x)?', 2) AS d FROM edges
SELECT n, regexp_replace(word, '[a-z]+', '<\0>', 'g') AS a, regexp_replace(word, '([a-z])([a-z])', '\2\1$', 'g') AS b, regexp_replace(word, '\\', '/', 'g') AS c, regexp_replace(word, '\s+', ' ', 'g') AS d FROM edges
SELECT n, regexp_replace(word, 'a*', 'x', 'g') AS a FROM edges
SELECT n, regexp_matches(word, 'ABC', 'i') AS a, regexp_matches(word, '(?i)abc') AS b FROM edges
SELECT n, regexp_matches(word, 'abc', 'i') AS a, regexp_matches(word, '[^a-z]', 'c') AS b FROM edges
SELECT n, translate(word, 'abc', 'xy') AS a, translate(word, ' ', '') AS b FROM edges
SELECT n, translate(word, 'aab', 'xyz') AS a FROM edges
SELECT n, chr(65 + abs(tiny) % 26) AS a FROM edges WHERE tiny IS NOT NULL
SELECT word, count(*) AS k FROM edges GROUP BY word
SELECT n, word FROM edges WHERE word > 'a' AND word < 'ß'
SELECT max(word) AS a, min(word) AS b, max(upper(word)) AS c FROM edges
SELECT n, word FROM edges ORDER BY word DESC NULLS FIRST, n
SELECT string_agg(word, '|' ORDER BY n) AS a, string_agg(DISTINCT word, ',' ORDER BY word DESC) AS b, string_agg(word ORDER BY n) AS c FROM edges
SELECT n, word::VARCHAR AS a, n::VARCHAR || ':' || big::VARCHAR AS b, yes::VARCHAR AS c, day::VARCHAR AS d, t::VARCHAR AS e, dec::VARCHAR AS f, fine::VARCHAR AS g FROM edges
SELECT n, CAST(word AS INTEGER) AS a FROM edges WHERE word IN ('0012', '-7')
SELECT n, word::DOUBLE AS a, word::DECIMAL(8,1) AS b FROM edges WHERE word IN ('0012', '-7', '12.50', '1e3')
SELECT n, (word || '')::BIGINT AS a FROM edges WHERE word = '-7'
SELECT n, ('2021-02-' || (10 + n % 9))::DATE AS a, ('2021-02-' || (10 + n % 9) || ' 10:11:12.5')::TIMESTAMP AS b FROM edges
SELECT 'ß' AS a, 'it''s' AS b, '\n' AS c, E'\n' AS d, '${spark.home}' AS e, '$' AS f, '%' AS g, '' AS h, '😀' AS i
SELECT n, reverse(word) AS a FROM edges
SELECT n, word.upper().trim() AS a, word.length() AS b FROM edges
SELECT n, list_transform(string_split(word, ' '), lambda w: upper(w)) AS a FROM edges
SELECT n, CASE word WHEN '' THEN 'empty' WHEN ' ' THEN 'space' ELSE word END AS a, nullif(word, '') AS b, nullif(word, ' ') AS c FROM edges
SELECT n, word = ' ' AS a, word = '' AS b, word IS NULL AS c, word <> '' AS d, word IN ('', ' ') AS e, word NOT IN ('x') AS f FROM edges
-- edges of numbers
SELECT n, round(x) AS a, round(x, 2) AS b, floor(x) AS c, ceil(x) AS d, trunc(x) AS e, abs(x) AS f, sign(x) AS g FROM edges
SELECT n, x::INTEGER AS a FROM edges WHERE abs(x) < 1e6
SELECT n, x::BIGINT AS a, x::SMALLINT AS b FROM edges WHERE abs(x) < 1000
SELECT n, x::DECIMAL(18,2) AS a, x::DECIMAL(18,0) AS b FROM edges WHERE abs(x) < 1e10
SELECT n, dec::INTEGER AS a, dec::BIGINT AS b, dec::DOUBLE AS c, dec::DECIMAL(12,1) AS d, dec::DECIMAL(15,5) AS e FROM edges
SELECT n, round(dec, 2) AS a, round(dec, 1) AS b, round(dec) AS c, floor(dec) AS d, ceil(dec) AS e, abs(dec) AS f, round(dec, 5) AS g FROM edges
SELECT n, x / 0 AS a, 0 / x AS b, x / x AS c, n / tiny AS d, dec / 3 AS e, dec / tiny AS f FROM edges
SELECT n, n // tiny AS a, n % tiny AS b, tiny % 5 AS c, -7 // 2 AS d, -7 % 3 AS e, dec % 2 AS f, dec % dec AS g FROM edges
SELECT n, x = x AS a, x > 1 AS b, x < 0 AS c, x = 'NaN'::DOUBLE AS d, x IN (0, 0.5) AS e, x BETWEEN 0 AND 2 AS f, x IS DISTINCT FROM NULL AS g FROM edges
SELECT x, count(*) AS k FROM edges GROUP BY x
SELECT n, x FROM edges ORDER BY x DESC, n
SELECT n, x FROM edges ORDER BY x NULLS FIRST, n
SELECT max(x) AS a, min(x) AS b, max(big) AS c, min(tiny) AS d, max(dec) AS e FROM edges
SELECT sum(tiny) AS a, avg(tiny) AS b, avg(big) AS c, sum(dec) AS d, avg(dec) AS e, avg(fine) AS f, sum(fine) AS g FROM edges
SELECT avg(x) AS a, sum(x) AS b FROM edges WHERE abs(x) < 1e3
SELECT tiny, sum(n) AS a, sum(sum(n)) OVER (ORDER BY tiny) AS b, avg(sum(n)) OVER () AS c FROM edges GROUP BY tiny
SELECT sum(s) AS a FROM (SELECT sum(n) AS s FROM edges GROUP BY tiny)
SELECT n, isnan(x) AS a, isinf(x) AS b, isfinite(x) AS c FROM edges
SELECT n, greatest(x, 0) AS a, least(tiny, 5, n) AS b, greatest(dec, 1.5) AS c, greatest(NULL, tiny) AS d, greatest(word, 'm') AS e FROM edges
SELECT n, sqrt(abs(tiny)) AS a, power(tiny, 2) AS b, exp(tiny % 5) AS c, ln(n + 1) AS d, log2(n + 1) AS e, cbrt(tiny) AS f, degrees(x) AS g, atan(x) AS h FROM edges WHERE abs(x) < 1e6
SELECT n, tiny & 5 AS a, tiny | 8 AS b, xor(tiny, 3) AS c FROM edges
SELECT n, fine * 2 AS a, fine + dec AS b, fine * dec AS c, dec - 1 AS d, dec * 0.1 AS e, -dec AS f FROM edges
SELECT n, fine * fine * fine AS a FROM edges
SELECT n, 0.1 + 0.2 AS a, 0.1::DOUBLE + 0.2 AS b, 1.0 / 3 AS c, 2e0 * 0.1 AS d, 7 / 2 AS e FROM edges
SELECT 9223372036854775807 AS a, -9223372036854775808 AS b, 12345678901234567890 AS c, 9007199254740993 AS d, 1e400 AS e
SELECT 9223372036854775807 AS a, 12345678901234567890 AS c, 9007199254740993 AS d, 123456789012345678.9 AS e, 1e-7 AS f, 1.5e300 AS g
SELECT n, count(*) FILTER (x > 0) OVER (PARTITION BY tiny) AS a, sum(dec) OVER (PARTITION BY tiny ORDER BY n ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS b FROM edges
SELECT median(x) AS a, quantile_cont(tiny, 0.25) AS b, quantile_disc(tiny, 0.5) AS c, quantile_disc(n, 0.9) AS d FROM edges WHERE abs(x) < 1e3
SELECT tiny, quantile_disc(n, 0.1) AS a, quantile_disc(n, 0.5) AS b, quantile_disc(n, 1) AS c, median(n) AS d, quantile_cont(n, 0) AS e FROM edges GROUP BY tiny
SELECT stddev(n) AS a, stddev_pop(n) AS b, var_samp(dec) AS c, var_pop(tiny) AS d, covar_pop(n, tiny) AS e, covar_samp(n, dec) AS f, corr(n, tiny) AS g FROM edges
SELECT n, stddev(x) AS a, stddev_pop(n) AS b, var_samp(n) AS c, corr(n, tiny) AS d, covar_samp(n, tiny) AS e, median(n) AS f FROM edges WHERE n < 5 GROUP BY n
SELECT corr(n, 1) AS a, stddev_pop(1) AS b FROM edges
SELECT sum(n) AS a, avg(n) AS b, min(n) AS c, count(n) AS d, string_agg(word, ',' ORDER BY n) AS e, list(n ORDER BY n) AS f, bool_and(yes) AS g, median(n) AS h, stddev(n) AS i, any_value(n ORDER BY n) AS j FROM edges WHERE n < 0
SELECT n, CASE WHEN tiny > 0 THEN tiny ELSE dec END AS a, coalesce(tiny, x) AS b, if(yes, 1, 2.5) AS c, ifnull(dec, 0) AS d, coalesce(NULL, n) AS e FROM edges
SELECT n, dec > 0.5 AS a, dec = 0.005 AS b, tiny = 7.0 AS c, big > 1.5 AS d, x > dec AS e, dec IN (0, 0.005, 12.345) AS f, tiny BETWEEN -1.5 AND 7.5 AS g FROM edges
SELECT n, tiny::DOUBLE AS a, big::DOUBLE AS b, big::DECIMAL(20,1) AS c, tiny::BOOLEAN AS d, yes::INTEGER AS e, big::HUGEINT AS f FROM edges
SELECT n, try_cast(big AS TINYINT) AS a, try_cast(dec AS SMALLINT) AS b, try_cast(x AS INTEGER) AS c FROM edges
SELECT n, x::FLOAT AS a, dec::FLOAT AS b FROM edges WHERE abs(x) < 1e6
SELECT n, x::FLOAT + 1 AS a FROM edges
SELECT n, product(tiny) AS a FROM edges GROUP BY n
SELECT bit_and(n) AS a, bit_or(n) AS b, bit_xor(n) AS c FROM edges
SELECT n, width_bucket(x, 0, 10, 5) AS a FROM edges
SELECT n, fine * fine AS a, fine * 1.00000001 AS b, fine + 0.0000000001 AS c FROM edges
SELECT tiny, sum(fine) * 0.0000000001 AS a, sum(fine) - sum(dec) AS b, sum(dec) * sum(dec) AS c FROM edges GROUP BY tiny
SELECT n, sum(n) OVER (ORDER BY n RANGE BETWEEN 2 PRECEDING AND 2 FOLLOWING) AS a, count(*) OVER (ORDER BY n RANGE BETWEEN UNBOUNDED PRECEDING AND 3 FOLLOWING) AS b FROM edges
SELECT n, sqrt(abs(n)) AS a, exp(tiny % 5) AS c, ln(n + 1) AS d, log2(n + 1) AS e, cbrt(tiny) AS f, degrees(x) AS g, atan(x) AS h FROM edges WHERE abs(x) < 1e6 AND tiny > -128
SELECT n, chr(65 + n % 26) AS a, sign(dec) AS b, sign(tiny) AS c FROM edges
SELECT n, sqrt(tiny) AS a FROM edges
SELECT n, ln(tiny) AS a FROM edges
SELECT 1e15 AS a, 1e20 AS b, 1234567890123456.5::DOUBLE AS c, 123456789012345678901234.5 AS d, -1e16 AS e, 0.1e0 AS f
-- edges of times
SELECT n, date_diff('week', t, z::TIMESTAMP) AS a, date_diff('week', DATE '2021-06-30', day) AS b, epoch_ms(z) AS c, date_diff('hour', z, TIMESTAMPTZ '1970-01-01 00:30:00') AS d FROM edges
SELECT n, year(t) AS a, month(t) AS b, day(t) AS c, hour(t) AS d, minute(t) AS e, second(t) AS f, week(t) AS g, isodow(t) AS h, dayofweek(t) AS i, dayofyear(t) AS j, quarter(t) AS k, isoyear(t) AS l FROM edges
SELECT n, date_trunc('year', t) AS a, date_trunc('quarter', t) AS b, date_trunc('month', t) AS c, date_trunc('week', t) AS d, date_trunc('day', t) AS e, date_trunc('hour', t) AS f, date_trunc('minute', t) AS g, date_trunc('second', t) AS h FROM edges
SELECT n, date_trunc('month', day) AS a, date_trunc('week', day) AS b, date_trunc('hour', day) AS c, date_trunc('day', z) AS d, hour(day) AS e FROM edges
SELECT n, epoch(t) AS a, epoch_ms(t) AS b, epoch_us(t) AS c, epoch(day) AS d, epoch_ms(day) AS e, epoch(z) AS f FROM edges
SELECT n, date_diff('day', t, TIMESTAMP '1970-01-01 00:00:00') AS a, date_diff('hour', t, TIMESTAMP '1970-01-01 00:00:00') AS b, date_diff('minute', t, TIMESTAMP '1970-01-01 12:00:00') AS c, date_diff('second', TIMESTAMP '1970-01-01 00:00:00', t) AS d FROM edges
SELECT n, date_diff('week', day, DATE '1970-01-01') AS a, date_diff('month', day, DATE '1970-01-01') AS b, date_diff('quarter', day, DATE '1970-01-01') AS c, date_diff('year', day, DATE '1970-01-01') AS d FROM edges
SELECT n, date_diff('week', t, TIMESTAMP '2021-01-01 00:00:00') AS a, date_diff('month', t, TIMESTAMP '2021-01-01 00:00:00') AS b, date_diff('day', day, DATE '2021-01-01') AS c FROM edges
SELECT n, t + INTERVAL 1 MONTH AS a, t - INTERVAL 1 YEAR AS b, t + INTERVAL 90 MINUTE AS c, day + INTERVAL 1 DAY AS d, day - 1 AS e, 1 + day AS f, INTERVAL 2 DAY + t AS g, z + INTERVAL 1 DAY AS h FROM edges WHERE year(t) < 9000
SELECT n, day + INTERVAL (tiny) MONTH AS a, t + INTERVAL (tiny) HOUR AS b, t + to_seconds(n) AS c, day + INTERVAL (n) WEEK AS d FROM edges WHERE year(t) < 9000
SELECT n, t + INTERVAL '1 day 2 hours' AS a FROM edges
SELECT n, t + INTERVAL (x) SECOND AS a FROM edges WHERE abs(x) < 10
SELECT n, t::DATE AS a, day::TIMESTAMP AS b, z::TIMESTAMP AS c, t::TIMESTAMPTZ AS d, z::DATE AS e FROM edges
SELECT n, strftime(t, '%Y-%m-%d %H:%M:%S') AS a, strftime(day, '%d.%m.%y') AS b, strftime(t, '%a %A %b %B %j %p %I') AS c, strftime(t, '%f') AS d, strftime(t, 'Q''x %% Y') AS e FROM edges
SELECT n, strftime('%Y', day) AS a, strftime(z, '%H:%M') AS b FROM edges
SELECT n, strftime(t, '%-d/%-m') AS a FROM edges
SELECT n, strftime(t, '%U') AS a FROM edges
SELECT n, strptime('2021-02-' || (10 + n % 9) || ' 10:11:12', '%Y-%m-%d %H:%M:%S') AS a, strptime('0' || (1 + n % 9) || '/03/2020', '%d/%m/%Y') AS b, strptime('202102' || (10 + n % 9), '%Y%m%d') AS c FROM edges
SELECT n, strptime('5/3/20', '%d/%m/%y') AS a FROM edges
SELECT n, dayname(day) AS a, monthname(day) AS b, last_day(day) AS c, last_day(t) AS d, dayname(t) AS e FROM edges
SELECT n, make_date(2020 + n % 3, 1 + n % 12, 1 + n % 28) AS a, make_timestamp(n * 1000000000::BIGINT) AS b, to_timestamp(n * 100000) AS c, epoch_ms(n * 1234567::BIGINT) AS d, to_timestamp(-1.5) AS e FROM edges
SELECT n, make_date(2020 + n % 3, 1 + n % 12, 1 + n % 28) AS a, make_timestamp(n * 1000000000::BIGINT) AS b, to_timestamp(n * 100000 - 5000000) AS c, epoch_ms(n * 1234567::BIGINT - 9999999) AS d FROM edges
SELECT n, time_bucket(INTERVAL '7 days', t) AS a, time_bucket(INTERVAL '90 minutes', t) AS b, time_bucket(INTERVAL '2 days', day) AS c, time_bucket(INTERVAL '1 hour', z) AS d FROM edges
SELECT n, time_bucket(INTERVAL '1 month', t) AS a FROM edges
SELECT n, z AT TIME ZONE 'Europe/Madrid' AS a, z AT TIME ZONE 'UTC' AS b, t AT TIME ZONE 'UTC' AS c, z AT TIME ZONE 'America/New_York' AS d, z AT TIME ZONE 'Asia/Kolkata' AS e FROM edges
SELECT n, t AT TIME ZONE 'Europe/Madrid' AS a FROM edges
SELECT n, t = '1970-01-01' AS a, t > day AS b, day BETWEEN '1900-01-01' AND '1999-12-31' AS c, t < z AS d, day IN ('2020-02-29', '1970-01-01') AS e, z >= '2021-03-28 01:00:00' AS f FROM edges
SELECT n, t > '2020' AS a FROM edges
SELECT n, epoch(t - TIMESTAMP '1970-01-01 00:00:00') AS a, t - TIMESTAMP '2000-01-01 00:00:00' > INTERVAL 30 DAY AS b, extract(epoch FROM (z - TIMESTAMPTZ '2021-01-01 00:00:00')) AS c FROM edges
SELECT n, day - DATE '2000-01-01' AS a, DATE '2000-01-01' - INTERVAL 1 DAY AS b FROM edges
SELECT min(t) AS a, max(t) AS b, min(day) AS c, max(z) AS d, count(DISTINCT t) AS e FROM edges
SELECT t, count(*) AS k FROM edges GROUP BY t ORDER BY t NULLS FIRST
SELECT n, last_value(t) OVER (ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS a, lag(day, 1, DATE '2000-01-01') OVER (ORDER BY n) AS b FROM edges
SELECT n, count(*) OVER (ORDER BY z RANGE BETWEEN INTERVAL 1 DAY PRECEDING AND INTERVAL 1 HOUR FOLLOWING) AS a FROM edges
SELECT n, sum(n) OVER (ORDER BY tiny RANGE BETWEEN 2 PRECEDING AND 2 FOLLOWING) AS a FROM edges
SELECT n, greatest(t, day) AS a, coalesce(day, t) AS b, CASE WHEN yes THEN day ELSE DATE '2000-01-01' END AS c, least(day, DATE '1999-01-01') AS d FROM edges
SELECT unnest(generate_series(TIMESTAMP '2020-01-01 00:00:00', TIMESTAMP '2020-01-02 00:00:00', INTERVAL 6 HOUR)) AS a
SELECT unnest(generate_series(DATE '2020-01-31', DATE '2020-06-30', INTERVAL 1 MONTH)) AS a
SELECT date_part('year', t) AS a, extract(isodow FROM day) AS b, date_part('epoch', t) AS c, extract(hour FROM z) AS d FROM edges
SELECT date_part('century', t) AS a FROM edges
SELECT current_timestamp > t AS a FROM edges
SELECT now() IS NULL AS a, today() IS NULL AS b
-- edges of lists
SELECT n, len(words) AS a, words[1] AS b, words[-1] AS c, words[9] AS d, nums[2] AS e, words[1:2] AS f, nums[2:9] AS g FROM edges
SELECT n, list_contains(words, 'a') AS a, list_contains(words, NULL) AS b, list_contains(words, word) AS c, list_contains(nums, 3) AS d, list_has(nums, tiny) AS e FROM edges
SELECT n, list_position(words, 'a') AS a, list_position(nums, 1) AS b, array_position(words, 'zz') AS c FROM edges
SELECT n, array_to_string(words, ',') AS a, array_to_string(words, '') AS b FROM edges
SELECT n, list_reverse(nums) AS a, array_length(nums) AS b, list_unique(words) AS c, list_min(nums) AS d, list_max(words) AS e, list_sum(nums) AS f, list_count(nums) AS g FROM edges
SELECT n, list_transform(nums, lambda v: v * 2 + n) AS a, list_filter(nums, lambda v: v > 1) AS b, list_filter(words, lambda w: w IS NOT NULL) AS c, [v + 1 FOR v IN nums IF v > 0] AS d FROM edges
SELECT n, list_transform(nums, lambda v, i: v + i) AS a FROM edges
SELECT n, unnest(nums) AS v FROM edges
SELECT e.n, u.v FROM edges e, unnest(e.nums) AS u(v) WHERE u.v > 0
SELECT e.n, u.v FROM edges e LEFT JOIN unnest(e.words) AS u(v) ON true
SELECT n, unnest(nums) AS v, unnest(words) AS w FROM edges
SELECT v, count(*) AS k, sum(n) AS s FROM (SELECT n, unnest(nums) AS v FROM edges) GROUP BY v
SELECT n, [n, tiny] AS a, ['x', word] AS b, [n, 1.5] AS c, [NULL, n] AS d, [[n], [2]] AS e FROM edges
SELECT n, {'a': n, 'b': {'c': word}} AS a, {'x': tiny}.x AS b, struct_pack(k := dec) AS c FROM edges
SELECT n, MAP {'a': n, 'b': tiny} AS a, MAP {'a': n}['a'] AS b, MAP {'a': n}['z'] AS c, cardinality(MAP {'q': 1}) AS d, map_keys(MAP {'q': 1}) AS e FROM edges
SELECT n, nums = [3, NULL, 1] AS a, words = ['b', 'a', 'a'] AS b, nums <> [2] AS c FROM edges
SELECT n, nums < [3] AS a FROM edges
SELECT n FROM edges ORDER BY nums, n
SELECT nums, count(*) AS k FROM edges GROUP BY nums
SELECT DISTINCT nums FROM edges
SELECT n, list_sort(nums) AS a FROM edges
SELECT n, range(tiny) AS a, generate_series(1, tiny) AS b, range(1, 10, 3) AS c, range(5, 5) AS d FROM edges WHERE tiny < 10
SELECT n, range(10, 1, -3) AS a FROM edges
SELECT * FROM range(3) t(i)
SELECT i, j FROM range(3) a(i), generate_series(1, 2) b(j)
SELECT tiny, list(n ORDER BY n DESC) AS a, list(word ORDER BY word NULLS FIRST, n) AS b, list(DISTINCT word ORDER BY word) AS c, array_agg(x ORDER BY n) AS d FROM edges GROUP BY tiny
SELECT list(n ORDER BY n) FILTER (WHERE n < 5) AS a, list(n ORDER BY n) FILTER (WHERE n < 0) AS b FROM edges
SELECT tiny, list(n) AS a FROM edges GROUP BY tiny
SELECT tiny, list({'n': n, 'w': word} ORDER BY n) AS a FROM edges GROUP BY tiny
SELECT n, words IS NULL AS a, len(words) IS NULL AS b, coalesce(words, ['none']) AS c, CASE WHEN yes THEN words END AS d FROM edges
SELECT tiny, first(n ORDER BY n) AS a, last(word ORDER BY n) AS b, first(n ORDER BY x DESC NULLS LAST, n DESC) AS c, any_value(word ORDER BY n DESC) AS d, first(word ORDER BY day, n) AS e FROM edges GROUP BY tiny
SELECT tiny, arg_max(n, (x, n)) AS a, arg_min(word, (dec, n)) AS b, arg_max_null(word, (day, n)) AS c, max_by(word, n) AS d, min_by(n, -n) AS e FROM edges GROUP BY tiny
SELECT tiny, arg_max(n, x, 2) AS a, max(n, 2) AS b FROM edges GROUP BY tiny
SELECT n AS v, list_transform(nums, lambda v: v + 1) AS w FROM edges
SELECT list_transform(nums, lambda e: e + 1) AS a, list_filter(nums, lambda n: n > 1) AS b FROM edges e
SELECT n, list_contains(words, 'a') AS a, list_contains(words, word) AS c, list_contains(nums, 3) AS d, list_has(nums, tiny) AS e FROM edges
-- edges of queries
SELECT n AS "a b", word AS "ünï", tiny AS "select", x AS "back`tick", dec AS "q""q" FROM edges
SELECT n AS a, n AS b, n + 1 AS c FROM edges WHERE a > 5 AND c < 20
SELECT n + 1 AS n, n * 2 AS m FROM edges WHERE n > 100
SELECT n + 1 AS n FROM edges ORDER BY n
SELECT n + 1 AS n FROM edges ORDER BY -n
SELECT tiny AS k, sum(n) AS n FROM edges GROUP BY k HAVING n > 100
SELECT tiny AS k, sum(n) AS s FROM edges GROUP BY k HAVING s > 100 ORDER BY s DESC, k LIMIT 3
SELECT n % 3 AS k, n % 2 AS j, count(*) AS c FROM edges GROUP BY 1, 2 ORDER BY 2, 1
SELECT n % 3 AS k, count(*) AS c, count(*) * 2 AS d, c + d AS e FROM edges GROUP BY ALL
SELECT tiny, count(*) + tiny AS c FROM edges GROUP BY ALL
SELECT tiny, count(*) AS c, sum(count(*)) OVER () AS s FROM edges GROUP BY ALL
SELECT upper(word) AS word, count(*) AS c FROM edges GROUP BY word
SELECT lower(word) AS w, count(*) AS c FROM edges GROUP BY lower(word)
SELECT n FROM edges LIMIT 5
SELECT n FROM edges ORDER BY n LIMIT 5
SELECT n FROM edges ORDER BY n DESC LIMIT 3 OFFSET 2
SELECT count(*) AS c FROM edges LIMIT 1
SELECT n FROM edges ORDER BY n LIMIT 10 % 3
SELECT DISTINCT tiny FROM edges ORDER BY tiny DESC NULLS LAST
SELECT DISTINCT ON (tiny) tiny, n FROM edges ORDER BY tiny, n DESC
SELECT DISTINCT ON (tiny) tiny, n FROM edges
SELECT n, row_number() OVER (ORDER BY n DESC) AS r FROM edges QUALIFY r <= 3
SELECT n, r FROM (SELECT n, row_number() OVER (PARTITION BY tiny ORDER BY n) AS r FROM edges) WHERE r = 1
SELECT n, row_number() OVER () AS r FROM edges
SELECT n, lag(word) OVER (PARTITION BY tiny ORDER BY n) AS a, lead(n, 2) OVER (PARTITION BY tiny ORDER BY n) AS b, lag(n, 1, 0) OVER (ORDER BY n) AS c, first_value(word IGNORE NULLS) OVER (ORDER BY n ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS d FROM edges
SELECT n, ntile(7) OVER (ORDER BY n) AS a, percent_rank() OVER (PARTITION BY tiny ORDER BY n) AS b, nth_value(n, 2) OVER (PARTITION BY tiny ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS c FROM edges
SELECT n, max(word) OVER (PARTITION BY yes) AS a, avg(dec) OVER (PARTITION BY yes) AS b, sum(yes::INT) OVER (ORDER BY n) AS c, bool_or(yes) OVER (ORDER BY n ROWS 1 PRECEDING) AS d, median(n) OVER (PARTITION BY yes) AS e FROM edges
SELECT n, sum(n) OVER (ORDER BY tiny GROUPS 1 PRECEDING) AS a FROM edges
SELECT n, sum(n) OVER (ORDER BY n ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW) AS a FROM edges
SELECT a.n, b.n AS m FROM edges a JOIN edges b ON a.n = b.n + 1 AND a.tiny IS NOT DISTINCT FROM b.tiny
SELECT a.n, b.word FROM edges a LEFT JOIN edges b ON a.n = b.n AND b.yes
SELECT a.n, b.n AS m FROM edges a RIGHT JOIN edges b ON a.n = b.n * 2
SELECT a.n, b.n AS m FROM (SELECT * FROM edges WHERE n < 4) a FULL JOIN (SELECT * FROM edges WHERE n BETWEEN 2 AND 6) b USING (n)
SELECT * FROM (SELECT n, word FROM edges WHERE n < 4) a FULL JOIN (SELECT n, tiny FROM edges WHERE n BETWEEN 2 AND 6) b USING (n)
SELECT * FROM (SELECT word, n FROM edges WHERE n < 4) a RIGHT JOIN (SELECT tiny, n FROM edges WHERE n BETWEEN 2 AND 6) b USING (n)
SELECT a.*, b.tiny AS t2 FROM (SELECT word, n FROM edges WHERE n < 4) a LEFT JOIN (SELECT tiny, n FROM edges WHERE n BETWEEN 2 AND 6) b USING (n)
SELECT b.*, a.word AS w FROM (SELECT word, n FROM edges WHERE n < 4) a JOIN (SELECT tiny, n FROM edges WHERE n BETWEEN 2 AND 6) b USING (n)
SELECT * FROM (SELECT n, word FROM edges WHERE n < 4) a NATURAL JOIN (SELECT n, tiny FROM edges) b
SELECT * FROM (SELECT n, word FROM edges WHERE n < 2) a, (SELECT n AS m FROM edges WHERE n < 2) b
SELECT * FROM edges a JOIN edges b USING (n)
SELECT * EXCLUDE (words, nums) FROM edges WHERE n < 3
SELECT * EXCLUDE (words, nums) REPLACE (n * 2 AS n) RENAME (word AS w) FROM edges WHERE n < 3
SELECT e.* EXCLUDE (words, nums, word), upper(e.word) AS w FROM edges e
SELECT n FROM edges WHERE n IN (SELECT n + 1 FROM edges WHERE tiny = 7)
SELECT n FROM edges WHERE n NOT IN (SELECT tiny FROM edges)
SELECT n FROM edges WHERE word IN (SELECT n FROM edges)
SELECT n FROM edges WHERE (n, tiny) IN (SELECT n, tiny FROM edges)
SELECT n FROM edges e WHERE EXISTS (SELECT 1 FROM edges f WHERE f.n = e.n + 1 AND f.tiny > e.tiny)
SELECT n FROM edges e WHERE NOT EXISTS (SELECT * FROM edges f WHERE f.tiny = e.n)
SELECT n, (SELECT max(f.n) FROM edges f WHERE f.tiny = e.tiny) AS m FROM edges e
SELECT n, (SELECT count(*) FROM edges f WHERE f.n < e.n AND f.yes) AS m FROM edges e
SELECT n, n = (SELECT max(n) FROM edges) AS last FROM edges
SELECT n FROM edges WHERE n > ANY (SELECT tiny FROM edges)
SELECT e.n, s.m FROM edges e, (SELECT max(f.n) AS m FROM edges f WHERE f.tiny = e.tiny) s
SELECT n FROM edges WHERE n < 3 UNION ALL SELECT tiny FROM edges WHERE n < 3
SELECT n AS v FROM edges WHERE n < 3 UNION SELECT dec FROM edges
SELECT n FROM edges UNION ALL SELECT word FROM edges
SELECT n FROM edges EXCEPT ALL SELECT tiny FROM edges
SELECT tiny FROM edges INTERSECT SELECT n FROM edges ORDER BY tiny
SELECT day AS v FROM edges UNION ALL SELECT t FROM edges ORDER BY v LIMIT 7
(SELECT n FROM edges WHERE n < 3) UNION ALL (SELECT n FROM edges WHERE n > 117) ORDER BY 1 DESC
SELECT NULL AS a, n FROM edges WHERE n < 2 UNION ALL SELECT word, n FROM edges WHERE n < 2
WITH a AS (SELECT n, tiny FROM edges), b AS (SELECT tiny, sum(n) AS s FROM a GROUP BY tiny) SELECT a.n, b.s FROM a JOIN b ON a.tiny = b.tiny
WITH edges AS (SELECT n FROM edges WHERE n < 3) SELECT * FROM edges
WITH a AS (WITH a AS (SELECT 1 AS x) SELECT x + 1 AS x FROM a) SELECT x FROM a
WITH a(p, q) AS (SELECT n, word FROM edges WHERE n < 3) SELECT q, p FROM a
WITH RECURSIVE t(i, s) AS (SELECT 1, 1::BIGINT UNION ALL SELECT i + 1, s * 2 FROM t WHERE i < 20) SELECT i, s FROM t ORDER BY i
WITH RECURSIVE t AS (SELECT 1 AS i UNION SELECT i + 1 FROM t WHERE i < 5) SELECT i FROM t
SELECT count(*) FROM (SELECT n, count(*) FROM edges GROUP BY n)
SELECT * FROM (SELECT tiny, count(*), sum(n) FROM edges GROUP BY tiny)
SELECT tiny, yes, count(*) AS c, grouping(tiny) AS g FROM edges GROUP BY GROUPING SETS ((tiny, yes), (tiny), ())
SELECT tiny, grouping(tiny, yes) AS g FROM edges GROUP BY CUBE (tiny, yes)
SELECT count(*) AS a, count(DISTINCT tiny) AS b, sum(DISTINCT tiny) AS c, avg(DISTINCT tiny) AS d, max(DISTINCT tiny) AS e FROM edges
SELECT count(DISTINCT (n, tiny)) AS a FROM edges
SELECT count(*) FILTER (WHERE yes) AS a, sum(n) FILTER (yes AND n > 3) AS b, avg(dec) FILTER (NOT yes) AS c, count_if(yes) AS d FROM edges
SELECT string_agg(DISTINCT word, ',' ORDER BY word) AS a, count(DISTINCT tiny) AS b FROM edges
SELECT yes AND n > 3 AS a, yes OR NULL AS b, NOT yes AS c, yes IS TRUE AS d, yes IS NOT TRUE AS e, yes = true AS f, yes IS NULL AS g FROM edges
SELECT n FROM edges WHERE yes
SELECT n FROM edges WHERE n
SELECT n FROM edges WHERE tiny = '7'
SELECT n FROM edges WHERE word = 7
SELECT n FROM edges WHERE NOT (tiny > 0 OR word IS NULL) AND n BETWEEN 1 AND 50
SELECT * FROM (VALUES (1, 'a', 1.5), (2, NULL, 2), (NULL, 'c', NULL)) t(a, b, c)
SELECT * FROM (VALUES (1, 'a'), (2, 'b'))
SELECT * FROM (VALUES (1), (2.5), (NULL)) t(a)
SELECT * FROM (VALUES ('a'), (1)) t(a)
SELECT 1 AS a, NULL AS b
SELECT 1 AS a, 'x' AS b WHERE 1 = 2
SELECT a FROM (SELECT 1 AS a UNION ALL SELECT NULL) ORDER BY a NULLS FIRST
PIVOT (SELECT tiny, coalesce(word, 'none') AS w, n FROM edges) ON w IN ('', 'abc', '-7') USING count(*) GROUP BY tiny
PIVOT (SELECT tiny, word, n FROM edges) ON word IN ('0012', '-7') USING max(n) GROUP BY tiny
PIVOT edges ON n IN (1, 2) USING sum(tiny) GROUP BY yes
PIVOT (SELECT tiny, word, n FROM edges) ON word IN ('0012') USING max(n) AS m, min(n) AS k GROUP BY tiny
UNPIVOT (SELECT n, tiny::INT AS a, n AS b FROM edges) ON a, b INTO NAME k VALUE v
UNPIVOT INCLUDE NULLS (SELECT n, word, upper(word) AS u FROM edges) ON word, u INTO NAME k VALUE v
UNPIVOT (SELECT n, word, x FROM edges) ON COLUMNS(* EXCLUDE n) INTO NAME k VALUE v
SELECT x: n, y: upper(word) FROM edges
FROM edges SELECT n WHERE n < 3
SELECT n, t.m FROM edges, LATERAL (SELECT edges.n * 2 AS m) t
SELECT (n, tiny) AS r FROM edges
SELECT e FROM edges e
SELECT n FROM edges AS OF edges
SELECT lakebook FROM nowhere
SELECT n.x FROM edges n
SELECT edges.n, edges.word FROM edges
SELECT max(n) - min(n) AS a, max(n) * 1.0 / count(*) AS b, round(avg(n), 2) AS c, sum(n) / sum(tiny) AS d FROM edges
SELECT tiny, sum(n) AS s, s * 1.0 / sum(s) OVER () AS share FROM edges GROUP BY tiny
SELECT if(n > 5, 'big', 'small') AS size, count(*) AS c FROM edges GROUP BY size ORDER BY c
SELECT CASE WHEN n < 10 THEN 'a' WHEN n < 20 THEN 'b' END AS k, sum(x) FILTER (x < 100 AND x > -100) AS s FROM edges GROUP BY k
SELECT 1 AS a, count(*) AS c FROM edges GROUP BY ()
SELECT 1 AS a FROM edges GROUP BY ()
SELECT sum(n) AS s FROM edges HAVING sum(n) > 5
SELECT 1 AS a FROM edges HAVING count(*) > 1000
SELECT tiny, sum(n) OVER (ORDER BY tiny) AS a, count(*) OVER (ORDER BY tiny, yes) AS b, max(n) OVER (PARTITION BY yes ORDER BY tiny DESC NULLS FIRST) AS c FROM edges
SELECT tiny, rank() OVER (ORDER BY tiny NULLS FIRST) AS a, dense_rank() OVER (ORDER BY yes DESC, tiny) AS b FROM edges
SELECT n FROM edges INTERSECT ALL SELECT tiny FROM edges
SELECT coalesce(word, 'all') AS w, yes, count(*) AS c FROM edges GROUP BY ROLLUP (word, yes)
SELECT tiny, arg_max(n, x ORDER BY n) AS a FROM edges GROUP BY tiny
SELECT tiny, list(DISTINCT yes ORDER BY n) AS a FROM edges GROUP BY tiny
SELECT tiny, count(*) AS c FROM edges GROUP BY tiny ORDER BY count(*) DESC, tiny
SELECT a.n FROM edges a SEMI JOIN (SELECT * FROM edges WHERE n > 100) b ON a.tiny = b.tiny
SELECT a.n FROM edges a, edges b, edges c WHERE a.n = b.n AND b.n = c.n + 1
SELECT a.n FROM edges a JOIN (edges b JOIN edges c ON b.n = c.n) ON a.n = c.n + 1
SELECT a.word AS x, b.word AS y FROM edges a JOIN edges b ON upper(a.word) = lower(b.word)
SELECT x, y FROM (SELECT n AS x, tiny AS y FROM edges) q(p, r) WHERE p > 3
SELECT p, r FROM (SELECT n AS x, tiny AS y FROM edges) q(p, r) WHERE p > 3
SELECT CASE WHEN n = 0 THEN NULL WHEN n = 1 THEN 'a' ELSE word END AS a, CASE n WHEN 1 THEN 2.5 WHEN 2 THEN 1e0 ELSE n END AS b FROM edges
SELECT n, day + n AS a, day - n AS b, (day + 1)::TIMESTAMP - INTERVAL 1 SECOND AS c FROM edges
SELECT n, NOT (word LIKE 'a%') AS a, (word LIKE 'a%') IS NULL AS b, word LIKE NULL AS c FROM edges
SELECT * FROM edges e WHERE e.n = (SELECT min(n) FROM edges WHERE tiny = 7)
SELECT n FROM edges WHERE n % 7 = 0 AND (SELECT count(*) FROM edges) > 10
SELECT min(n) AS a FROM edges WHERE FALSE
SELECT word[1] AS a, word[1:1] AS b FROM edges
SELECT n, sum(dec * n) AS a, round(sum(x) / count(*), 3) AS b FROM edges WHERE abs(x) < 10 GROUP BY n
SELECT round(dec * 1.21, 2) AS a, (dec * 100)::INT AS b, dec::INT::VARCHAR || '%' AS c FROM edges WHERE dec < 1000000
SELECT strftime(date_trunc('month', t), '%Y-%m') AS m, count(*) AS c FROM edges GROUP BY m ORDER BY m
SELECT +1 AS k, n FROM edges ORDER BY +1
SELECT n + 0 AS a, count(*) AS c FROM edges GROUP BY n + 0, +1
SELECT DISTINCT + 53 AS k FROM edges GROUP BY k
SELECT covar_pop(n, tiny) AS a, covar_samp(n, 1) AS b, n AS c FROM edges GROUP BY n
SELECT DISTINCT tiny FROM edges ORDER BY tiny % 5
SELECT DISTINCT tiny + 1 AS t FROM edges ORDER BY tiny + 1
SELECT count(*) AS c FROM edges GROUP BY GROUPING SETS ((), ())
SELECT tiny, count(*) AS c FROM edges GROUP BY GROUPING SETS ((tiny), (tiny))
SELECT count(*) AS c FROM edges GROUP BY GROUPING SETS (())
WITH RECURSIVE t(i) AS (SELECT 1 UNION ALL (WITH u AS (SELECT i FROM t) SELECT i + 1 FROM u WHERE i < 3)) SELECT i FROM t
SELECT n FROM edges WHERE NOT EXISTS (SELECT 1 FROM edges WHERE NULL)
SELECT rowid, n FROM edges
SELECT n AS rowid FROM edges ORDER BY rowid
