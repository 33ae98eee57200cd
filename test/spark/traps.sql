-- traps of numbers
SELECT n, 1 / (- x) AS a, 1 / (x * -1) AS b, -1 / (- x) AS c, 0 / (- x) AS d FROM edges
SELECT n, round(x * 1e300, 2) AS a, round(x * 1e300) AS b, round(-x, 1) AS c FROM edges
SELECT n, floor(x * 1e300) AS a, ceil(- x) AS b, trunc(x * 1e16) AS c FROM edges
SELECT n, (x * 1e300)::FLOAT AS a FROM edges WHERE n % 20 <> 11
SELECT n, x * 1e308 AS a, x * 1e308 * 10 AS b, x / 1e-308 AS c, -x * 1e-320 AS d FROM edges
SELECT sum(x * 1e308) AS a FROM edges WHERE abs(x) < 1e3
SELECT n, n % -3 AS a, -n % 3 AS b, big % -1 AS c, big // -1 AS d, big // 7 AS e, (- n) // 7 AS f FROM edges
SELECT n, big % 10 AS a, big - 1 AS b, big + -1 AS c FROM edges WHERE big > -9223372036854775807
SELECT n, big + 1 AS a FROM edges
SELECT n, big * 2 AS a FROM edges
SELECT n, tiny + tiny AS a FROM edges
SELECT n, tiny * 2 AS a, tiny * 2::TINYINT AS b FROM edges WHERE abs(tiny) < 60
SELECT n, - tiny AS a FROM edges
SELECT n, abs(tiny) AS a FROM edges
SELECT n, n * n * n * n AS a FROM edges
SELECT n, n::BIGINT * n * n * n AS a, (n * 1000)::SMALLINT AS b FROM edges WHERE n < 30
SELECT n, 7 / 2 AS a, -7 / 2 AS b, 7 // 2 AS c, -7 // 2 AS d, 7 // -2 AS e, 7.0 / 2 AS f, 7 % -4 AS g, -7 % 4 AS h, 7.5 % 2 AS i, -7.5 % 2 AS j FROM edges WHERE n = 1
SELECT tiny, sum(n) // 7 AS a, sum(n) % 7 AS b, sum(n) / 7 AS c, sum(n) * 3 AS d, sum(n) // 0 AS e, count(*) // 4 AS f FROM edges GROUP BY tiny
SELECT tiny, avg(n) // 2 AS a FROM edges GROUP BY tiny
SELECT sum(big) AS a, avg(big) AS b FROM edges WHERE big < 9223372036854775807
SELECT sum(big) AS a FROM edges WHERE big >= 127
SELECT n, dec * dec AS a, dec + 1 AS b, dec - 0.0005 AS c, dec * 1.5 AS d, dec / 0 AS e, dec // 1 AS f FROM edges
SELECT n, dec * dec AS a, dec + 1 AS b, dec - 0.0005 AS c, dec * 1.5 AS d, dec / 0 AS e, 1 / dec AS f FROM edges
SELECT n, dec * 1.5e0 AS a, dec + x AS b, dec > x AS c, dec = x AS d FROM edges
SELECT n, dec::DECIMAL(12,1) AS a, dec::DECIMAL(9,0) AS b, dec::DECIMAL(18,5) AS c, (dec * 10)::INTEGER AS d, (dec * 1000)::BIGINT % 7 AS e FROM edges
SELECT n, dec::DECIMAL(4,1) AS a FROM edges
SELECT n, round(dec, 0) AS a, round(dec * 3, 1) AS b, round(dec / 3, 2) AS c, round(dec * 1.15, 2) AS d FROM edges
SELECT n, round(-dec, 2) AS a, floor(-dec) AS b, ceil(-dec) AS c, sign(-dec) AS d, abs(-dec) AS e FROM edges
SELECT n, 0.1 + 0.2 = 0.3 AS a, 0.1::DOUBLE + 0.2::DOUBLE = 0.3::DOUBLE AS b, 1.10 = 1.1 AS c, 1e0 = 1 AS d, 9007199254740993 = 9007199254740992::DOUBLE AS e, 0.1 = 0.1::DOUBLE AS f FROM edges WHERE n = 0
SELECT n, big = 9223372036854775807 AS a, big = 9223372036854775807::DOUBLE AS b, big IN (9223372036854775807, 0) AS c, big IN (9223372036854775807, 0.5) AS d, big > 9223372036854775806.5 AS e FROM edges
SELECT n, big IN (9223372036854775806, 5e-1) AS a, n IN (1, 2e0, 3.0) AS b FROM edges
SELECT n, x IN (0.5, 1.5) AS a, x = 0.1 AS b, x >= 2.675 AS c, x = 2.675::DECIMAL(4,3) AS d, x <> x AS e, x > 'Infinity'::DOUBLE AS f FROM edges
SELECT n, greatest(x, 'NaN'::DOUBLE) AS a, least(x, 'NaN'::DOUBLE) AS b, least(x, dec) AS c, greatest(tiny, big, dec) AS d, least(NULL, NULL, n) AS e FROM edges
SELECT max(x) AS a, min(x) AS b, max(- x) AS c, min(- x) AS d, count(DISTINCT x) AS e, count(DISTINCT - x) AS f FROM edges
SELECT median(x) AS a, quantile_cont(x, 0.9) AS b, quantile_disc(x, 0.9) AS c, quantile_disc(x, 0) AS d FROM edges
SELECT avg(x) AS a, sum(x) AS b FROM edges WHERE x > -1e300
SELECT stddev(x) AS a FROM edges
SELECT tiny, stddev(n) AS a, var_samp(n) AS b, var_pop(n) AS c, corr(n, big) AS d FROM edges GROUP BY tiny
SELECT tiny, median(n) AS a, median(tiny) AS b, quantile_cont(n, 0.33) AS c, quantile_disc(n, 0.33) AS d FROM edges GROUP BY tiny
SELECT median(dec) AS a, quantile_cont(dec, 0.25) AS b FROM edges
SELECT n, power(tiny, 0.5) AS a FROM edges WHERE tiny >= 0
SELECT n, power(tiny, -1) AS a, power(0, 0) AS b, power(x, 0) AS c, power(- x, -1) AS d FROM edges
SELECT n, atan2(x, - x) AS a, atan2(0, - x) AS b FROM edges
SELECT n, exp(x) AS a, exp(- x) AS b FROM edges WHERE abs(x) < 700
SELECT n, sqrt(x) AS a, cbrt(- x) AS b, log10(n + 1) AS c, log(n + 1) AS d, radians(x) AS e FROM edges WHERE x >= 0
SELECT n, sin(x) AS a, cos(x) AS b, tan(x) AS c FROM edges WHERE abs(x) < 100
SELECT n, isnan(x / 0) AS a, isinf(1 / x) AS b, isfinite(x * 1e308 * 10) AS c, isnan(0 / (x - x)) AS d FROM edges
SELECT n, x::SMALLINT AS a FROM edges
SELECT n, (x * 1000)::TINYINT AS a FROM edges WHERE abs(x) < 3
SELECT n, try_cast(x AS TINYINT) AS a, try_cast(x * 100 AS TINYINT) AS b, try_cast(big AS INTEGER) AS c, try_cast(n * 2 AS TINYINT) AS d FROM edges
SELECT n, (n > 60)::INTEGER AS a, (n > 60)::TINYINT + 1 AS b, (n % 2)::BOOLEAN AS c, (n > 60)::VARCHAR AS d FROM edges
SELECT n, 5 & 3 AS a, 5 | 3 AS b, xor(5, 3) AS c, n & -8 AS d, tiny & 255 AS e FROM edges
SELECT n, CASE WHEN yes THEN 1 ELSE 2.50 END AS a, coalesce(tiny, big) AS b, coalesce(tiny, dec, 0) AS c, if(yes, n, x) AS d, nullif(dec, 0) AS e, nullif(n, 3.0) AS f FROM edges
SELECT 1 AS a, 1.0 AS b, 1e0 AS c, 1::TINYINT AS d, 10000000000 AS e, 0.10 AS f, -0.5 AS g, 100::DECIMAL(5,1) AS h, true AS i, 1.5::FLOAT AS j
SELECT count(*) * 100.0 / 7 AS a, 100 * count(*) / 7 AS b, round(100.0 * count(*) / 7, 1) AS c, (100.0 * count(*) / 7)::DECIMAL(9,2) AS d, (count(*) / 7)::INTEGER AS e FROM edges
SELECT tiny, count_if(yes) AS a, count_if(yes AND NULL) AS b, count_if(isnan(x)) AS c, count_if(n > 1000) AS d FROM edges GROUP BY tiny
SELECT count_if(yes) AS a, count_if(yes) FILTER (WHERE n < 0) AS b FROM edges WHERE n > 1000
SELECT yes, string_agg(word, ',' ORDER BY n) AS a, count(DISTINCT tiny) AS b, count(DISTINCT word) AS c FROM edges GROUP BY yes
-- traps of texts
SELECT n, word, length(word) AS a, len(word || '😀') AS b, strlen(word || '😀é') AS c, upper(word || 'éß') AS d, lower('ÀÉÎ' || word) AS e FROM edges
SELECT n, substring('😀aé' || coalesce(word, ''), 2, 2) AS a, left('é' || word, 3) AS b, right(word || '😀', 2) AS c, strpos('😀' || word, 'a') AS d, lpad(word, 9, '😀') AS e FROM edges
SELECT n, word = 'straße ŉ ﬁ' AS a, word < 'Z' AS b, word > '' AS c, word >= 'e' AS d, 'a' < 'B' AS e, 'a' = 'a ' AS f, 'Z' < 'a' AS g, 'é' < 'z' AS h FROM edges
SELECT word FROM edges WHERE n < 20 ORDER BY word
SELECT word FROM edges WHERE n < 20 ORDER BY lower(word) DESC NULLS LAST, word
SELECT min(word) AS a, max(word) AS b, count(DISTINCT word) AS c, count(DISTINCT lower(word)) AS d, count(DISTINCT trim(word)) AS e FROM edges
SELECT upper(word) AS u, count(*) AS c FROM edges GROUP BY u ORDER BY u
SELECT n, word LIKE '%' AS a, word LIKE '' AS b, word LIKE '_' AS c, word LIKE '%\n%' AS d, word LIKE '%\\%' AS e, word LIKE 'a\b\%\_' AS f, word LIKE '%$1%' AS g FROM edges
SELECT n, word LIKE 'a!%%' ESCAPE '!' AS a, 'a%b' LIKE 'a!%b' ESCAPE '!' AS b, 'axb' LIKE 'a!%b' ESCAPE '!' AS c, 'a\b' LIKE 'a\b' AS d, 'a_b' LIKE 'a\_b' AS e, 'a_b' LIKE 'a\_b' ESCAPE '\' AS f FROM edges
SELECT n, word ILIKE 'ΟΔΟΣ%' AS a, word ILIKE '%SS%' AS b, word ILIKE 'i%' AS c, word ILIKE '%ß' AS d, 'İ' ILIKE 'i' AS e, 'ſ' ILIKE 's' AS f, 'K' ILIKE 'k' AS g FROM edges
SELECT n, regexp_matches(word, '^$') AS a, regexp_matches(word, '.') AS b, regexp_matches(word, '\w') AS c, regexp_matches(word, '[^\x00-\x7F]') AS d FROM edges
SELECT n, regexp_matches(word, '^$') AS a, regexp_matches(word, '.') AS b, regexp_matches(word, '\w') AS c, regexp_matches(word, '[à-ü]') AS d, regexp_matches(word, 'b$') AS e, regexp_matches(word, '^\S+$') AS f FROM edges
SELECT n, regexp_replace(word, '[aeiou]', '_') AS a, regexp_replace(word, '(\w)(\w)', '\2\1') AS b, regexp_replace(word, '^', '>') AS c, regexp_replace(word, '\s+$', '') AS d, regexp_replace(word, 'a*', '<\0>') AS e FROM edges
SELECT n, regexp_replace(word, '.$', '$') AS a, regexp_replace(word, 'X', 'y', 'i') AS b, regexp_replace(word, '(a|b)', '[\1]') AS c, regexp_replace(word, '\n', ' ') AS d FROM edges
SELECT n, regexp_extract(word, '([a-z]+)\.?', 1) AS a, regexp_extract(word, '^.') AS b, regexp_extract(word, 'nothing') AS c, regexp_extract(word, '(x)|(a)', 1) AS d, regexp_extract(word, '(?i)s.*') AS e FROM edges
SELECT n, regexp_extract(word, '([a-z]+)\.?', 1) AS a, regexp_extract(word, '^.') AS b, regexp_extract(word, 'nothing') AS c, regexp_extract(word, '(x)|(a)', 1) AS d, regexp_extract_all(word, '[a-z]') AS e FROM edges
SELECT n, split_part(word, '', 1) AS a FROM edges
SELECT n, split_part(word, '\', 1) AS a, split_part(word, '|', -1) AS b FROM edges
SELECT n, string_split(word, 'a') AS a, string_split('a,b,,c,', ',') AS b, string_split('', ',') AS c, len(string_split(word, ' ')) AS d, string_split(word, '\') AS e, string_split(word, '$1') AS f FROM edges
SELECT n, replace(word, '.', '') AS a, replace(word, '\', '/') AS b, replace(word, '$1', '\1') AS c, translate(word, 'é$', 'e') AS d, replace(word, NULL, 'x') AS e FROM edges
SELECT n, concat(word, '', NULL, yes) AS a FROM edges
SELECT n, concat(word, '', NULL) AS a, word || NULL AS b, concat_ws('-', NULL, word, '') AS c, concat() AS d FROM edges
SELECT n, concat(word, '', NULL) AS a, word || NULL AS b, concat_ws('-', NULL, word, '') AS c, n || '' AS d, '' || tiny AS e, repeat('ab', 2) AS f FROM edges
SELECT n, trim(word) = '' AS a, trim(E' \t x \n') AS b, ltrim('xxy', 'x') AS c, rtrim('abc  ') AS d, trim('[x]', '[]') AS e, trim('a^b-a', '-a^') AS f, trim(word, '') AS g FROM edges
SELECT n, '\' AS a, '\\' AS b, '\n' AS c, 'a''b' AS d, '"' AS e, '`' AS f, '${x}' AS g, '%s' AS h, '--' AS i, '/*' AS j, ';' AS k, chr(39) AS l FROM edges WHERE n = 1
SELECT n, nullif(word, '') IS NULL AS a, coalesce(nullif(trim(word), ''), '(none)') AS b, word = '' OR word IS NULL AS c, length(word) = 0 AS d FROM edges
SELECT n, ascii(word) AS a, ascii('é') AS b, ascii('😀') AS c, chr(97) AS d, md5('') AS e, sha256('é') AS f FROM edges
SELECT n, dec::VARCHAR AS a, fine::VARCHAR AS b, (dec * 100)::VARCHAR AS c, (-dec)::VARCHAR AS d, big::VARCHAR AS e, 1.50::VARCHAR AS f, (0.000)::VARCHAR AS g FROM edges
SELECT n, x::VARCHAR AS a FROM edges
SELECT n, round(x, 2)::VARCHAR AS a FROM edges
SELECT n, '12'::INTEGER AS a, '-7'::BIGINT AS b, '1.5'::DOUBLE AS c, '2.345'::DECIMAL(5,2) AS d, 'true'::BOOLEAN AS e, '2020-02-29'::DATE AS f, '1e3'::DOUBLE AS g FROM edges WHERE n = 1
SELECT n, word::INTEGER AS a FROM edges WHERE word = '12.50'
SELECT n, word::INTEGER AS a FROM edges WHERE word = ' '
SELECT n, word::DOUBLE AS a FROM edges WHERE word = '1e3'
SELECT n, ('1e' || (300 + n))::DOUBLE AS a FROM edges
SELECT n, word::DECIMAL(6,1) AS a FROM edges WHERE word IN ('12.50', '-7', '0012')
SELECT n, try_cast(word AS INTEGER) AS a FROM edges WHERE word NOT IN ('12.50', '1e3')
SELECT n, try_cast(word AS INTEGER) AS a FROM edges
SELECT n, try_cast(word AS BIGINT) AS a, try_cast(word AS DOUBLE) AS b FROM edges WHERE word NOT IN ('12.50', '1e3')
SELECT n, try_cast(word AS DOUBLE) AS a, try_cast(word AS DECIMAL(8,2)) AS b FROM edges
SELECT n, try_cast('2021-02-' || (20 + n) AS DATE) AS a, try_cast(word AS DATE) AS b, try_cast(word AS TIMESTAMP) AS c FROM edges
SELECT n, try_cast('9' || big AS BIGINT) AS a, try_cast(n::VARCHAR AS TINYINT) AS b FROM edges WHERE big >= 0
SELECT string_agg(word, '' ORDER BY n) AS a, string_agg(NULL::VARCHAR, ',' ORDER BY n) AS b, string_agg(nullif(word, 'abc'), ',' ORDER BY n) AS c FROM edges WHERE n < 40
SELECT tiny, string_agg(nullif(n::VARCHAR, '7'), ',' ORDER BY n DESC) AS a, string_agg(word, ',' ORDER BY word NULLS FIRST, n) AS b FROM edges GROUP BY tiny
SELECT yes, string_agg(n::VARCHAR, ',' ORDER BY n) FILTER (WHERE word IS NULL) AS a FROM edges GROUP BY yes
SELECT n, starts_with(word, '') AS a, ends_with(word, NULL) AS b, contains(word, 'ß') AS c, position('' IN word) AS d, contains(word, NULL) AS e FROM edges
SELECT n, left(word, -1) AS a FROM edges
SELECT n, substring(word, 0, 2) AS a FROM edges
SELECT n, substring(word, -2) AS a FROM edges
SELECT n, format('{}-{}', n, word) AS a FROM edges
SELECT n, word[1] AS a FROM edges
-- traps of times
SELECT n, day::VARCHAR AS a, t::VARCHAR AS b, (day + 3000000)::VARCHAR AS c FROM edges WHERE day IS NOT NULL
SELECT n, (day - 800000)::VARCHAR AS a FROM edges
SELECT n, strftime(day + 3000000, '%Y-%m-%d') AS a FROM edges
SELECT n, strftime(day - 800000, '%Y') AS a FROM edges
SELECT n, year(day - 800000) AS a, month(day - 800000) AS b, day(day + 3000000) AS c, year(day + 3000000) AS d, dayofweek(day - 800000) AS e FROM edges
SELECT n, date_trunc('month', day - 800000) AS a, date_diff('month', day - 800000, day) AS b, date_diff('year', day, day + 3000000) AS c, last_day(day - 800000) AS d FROM edges
SELECT n, day + INTERVAL 1 MONTH AS a, day - INTERVAL 1 MONTH AS b, DATE '2020-01-31' + INTERVAL (n) MONTH AS c, DATE '2020-02-29' + INTERVAL 1 YEAR AS d, DATE '2021-03-31' - INTERVAL 1 MONTH AS e FROM edges
SELECT n, t + INTERVAL 1 DAY AS a, t + INTERVAL 24 HOUR AS b, t - INTERVAL 1 SECOND AS c, t + INTERVAL 3 MILLISECOND AS d FROM edges WHERE t < '9000-01-01'
SELECT n, t + INTERVAL 1 DAY AS a, t + INTERVAL 24 HOUR AS b, t - INTERVAL 1 SECOND AS c, z + INTERVAL 1 MONTH AS d, z - INTERVAL 1 HOUR AS e FROM edges WHERE t < '9000-01-01'
SELECT n, DATE '2021-01-01' - day AS a, day - DATE '2021-01-01' AS b, DATE '2021-01-01' + n AS c, day > t AS d, day = t::DATE AS e, t - t AS f FROM edges
SELECT n, DATE '2021-01-01' - day AS a, day - DATE '2021-01-01' AS b, DATE '2021-01-01' + n AS c, day > t AS d, day = t::DATE AS e, epoch(t - t) AS f FROM edges
SELECT n, date_diff('day', t, z::TIMESTAMP) AS a, date_diff('hour', t, z::TIMESTAMP) AS b, date_diff('minute', t, z::TIMESTAMP) AS c, date_diff('second', t, z::TIMESTAMP) AS d, date_diff('month', t, z::TIMESTAMP) AS e, date_diff('quarter', t, z::TIMESTAMP) AS f, date_diff('year', t, z::TIMESTAMP) AS g FROM edges
SELECT n, date_diff('millisecond', t, z::TIMESTAMP) AS a FROM edges
SELECT n, date_part('dow', day) AS a, date_part('isodow', day) AS b, date_part('week', day) AS c, date_part('isoyear', day) AS d, date_part('doy', day) AS e, date_part('quarter', day) AS f, extract(week FROM t) AS g FROM edges
SELECT n, date_part('second', t) AS a, date_part('epoch', t) AS b, date_part('millisecond', t) AS c FROM edges
SELECT n, date_part('second', t) AS a, date_part('epoch', t) AS b, second(z) AS c, minute(z) AS d, hour(z) AS e, day(z) AS f FROM edges
SELECT n, date_trunc('day', z) AS a, date_trunc('hour', z) AS b, date_trunc('month', z) AS c, z::DATE AS d, date_trunc('week', t) AS e, date_trunc('quarter', day) AS f FROM edges
SELECT n, z AT TIME ZONE 'America/Sao_Paulo' AS a, date_trunc('day', z AT TIME ZONE 'Asia/Kathmandu') AS b, hour(z AT TIME ZONE 'Australia/Lord_Howe') AS c, (z AT TIME ZONE 'Europe/Madrid')::DATE AS d FROM edges
SELECT n, (z - INTERVAL 50000 DAY) AT TIME ZONE 'Europe/Madrid' AS a, (z - INTERVAL 60000 DAY) AT TIME ZONE 'America/New_York' AS b FROM edges
SELECT n, (z + INTERVAL 30000 DAY) AT TIME ZONE 'Europe/Madrid' AS a, (z + INTERVAL 10000 DAY) AT TIME ZONE 'America/New_York' AS b FROM edges
SELECT n, z AT TIME ZONE 'EST' AS a FROM edges
SELECT n, t::TIMESTAMPTZ = z AS a, z > TIMESTAMP '2021-03-28 01:00:00' AS b, z::TIMESTAMP > t AS c, z = '2021-03-28 00:30:00' AS d FROM edges
SELECT n, TIMESTAMPTZ '2021-03-28 02:30:00+02' AS a FROM edges
SELECT n, strftime(t, '%Y-%m-%dT%H:%M:%S.%fZ') AS a, strftime(t, '%d %b %Y') AS b, strftime(t, '%I:%M %p') AS c, strftime(t, '%H''%M"%S') AS d, strftime(day, '%Y%m%d') AS e FROM edges WHERE year(t) > 1000 AND year(day) > 1000
SELECT n, strftime(t, '%G-W%V') AS a FROM edges
SELECT n, strftime(t, '%s') AS a, strftime(t, '%e') AS b FROM edges
SELECT n, strptime('2021-13-01', '%Y-%m-%d') AS a FROM edges
SELECT n, strptime('2021-1-' || n, '%Y-%m-%d') AS a FROM edges WHERE n BETWEEN 10 AND 28
SELECT n, strptime('2021-02-29', '%Y-%m-%d') AS a FROM edges WHERE n = 1
SELECT n, strptime('29.02.2020 07:08', '%d.%m.%Y %H:%M') AS a, strptime('2020-02-29T07:08:09', '%Y-%m-%dT%H:%M:%S') AS b, strptime('2020', '%Y') AS c, strptime('02/2020', '%m/%Y') AS d FROM edges WHERE n = 1
SELECT n, make_date(2021, 2, 28 + n) AS a FROM edges WHERE n < 2
SELECT n, make_timestamp(2021, 2, 3, 4, 5, 6.5) AS a FROM edges WHERE n < 2
SELECT n, epoch(z) AS a, epoch_ms(t) AS b, epoch_us(z) AS c, epoch(day) AS d, to_timestamp(n) AS e, to_timestamp(-n) AS f, epoch_ms(-n::BIGINT) AS g FROM edges
SELECT n, greatest(day, '2020-01-01') AS a, least(t, z::TIMESTAMP) AS b, greatest(day, t) AS c, coalesce(day, t) AS d, CASE WHEN yes THEN day ELSE t END AS e FROM edges
SELECT n, day IN ('2020-02-29', DATE '1970-01-01') AS a, t BETWEEN '1900-01-01' AND '2000-01-01' AS b, t >= DATE '1970-01-01' AS c, day < '2020-06-01'::DATE AS d FROM edges
SELECT n, '2021-02-30'::DATE AS a FROM edges
SELECT n, ('2021-02-' || (26 + n))::DATE AS a FROM edges WHERE n < 9
SELECT n, ('2021-02-03 04:05:' || (10 + n) || '.1234567')::TIMESTAMP AS a FROM edges WHERE n < 9
SELECT min(t) AS a, max(t) AS b, min(z) AS c, max(day) AS d, count(DISTINCT t::DATE) AS e, median(epoch(z)) AS f FROM edges
SELECT date_trunc('month', t) AS m, count(*) AS c, min(day) AS d FROM edges GROUP BY 1 ORDER BY m NULLS FIRST
SELECT n, time_bucket(INTERVAL '1 week', day) AS a, time_bucket(INTERVAL '15 minutes', t) AS b, time_bucket(INTERVAL '3 days', t) AS c FROM edges
SELECT n, time_bucket(INTERVAL '1 year', t) AS a FROM edges
SELECT d::DATE AS d, dayname(d) AS w FROM generate_series(TIMESTAMP '2020-02-27', TIMESTAMP '2020-03-02', INTERVAL 1 DAY) g(d)
SELECT d::DATE AS d FROM generate_series(DATE '2020-01-31', DATE '2020-06-30', INTERVAL 1 MONTH) g(d)
SELECT n, INTERVAL (n) DAY > INTERVAL 10 DAY AS a FROM edges
SELECT n, t - TIMESTAMP '2021-01-01 00:00:00' > INTERVAL 10 DAY AS a, t - INTERVAL 90 SECOND < t AS b FROM edges
SELECT n, age(t) AS a FROM edges
SELECT n, date_add(day, INTERVAL 1 DAY) AS a FROM edges
SELECT n, (z AT TIME ZONE 'Europe/Madrid') AT TIME ZONE 'Europe/Madrid' AS a FROM edges
-- traps of lists
SELECT n, nums[1] AS a, nums[-1] AS b, nums[n] AS c, nums[99] AS d, words[2] AS e, nums[tiny] AS f FROM edges
SELECT n, nums[0] AS a FROM edges
SELECT n, nums[2:] AS a, nums[:2] AS b FROM edges
SELECT n, nums[1:1] AS a, nums[2:9] AS b, nums[3:2] AS c, words[1:2] AS d FROM edges
SELECT n, len(nums) AS a, len(words) AS b, array_length(words) AS c, len([]) AS d FROM edges
SELECT n, len(nums) AS a, list_contains(nums, NULL) AS b FROM edges
SELECT n, len(nums) AS a, list_contains(nums, n) AS b, list_position(nums, 3) AS c, list_max(nums) AS d, list_sum(nums) AS e, list_min(words) AS f FROM edges
SELECT n, list_avg(nums) AS a FROM edges
SELECT n, list_sort(nums) AS a, list_sort(words, 'DESC') AS b, list_sort(nums, 'ASC', 'NULLS FIRST') AS c, list_reverse_sort(nums) AS d FROM edges
SELECT n, list_sort(nums) AS a, list_sort(words, 'DESC') AS b, list_sort(nums, 'ASC', 'NULLS FIRST') AS c, list_sort(words, 'DESC', 'NULLS LAST') AS d, array_sort(words) AS e FROM edges
SELECT n, list_transform(words, lambda w: coalesce(w, '-') || n) AS a, list_filter(nums, lambda v: v > 1 OR v IS NULL) AS b, [x * 2 FOR x IN nums] AS c FROM edges
SELECT n, list_transform(nums, lambda v: v / 2) AS a, list_transform(nums, lambda v: v // 2) AS b, list_transform(nums, lambda v: v % 2 = 0) AS c FROM edges
SELECT n, list_append(nums, 1) AS a FROM edges
SELECT n, list_concat(nums, [1]) AS a FROM edges
SELECT n, array_to_string(words, '-') AS a, array_to_string(list_transform(nums, lambda v: v::VARCHAR), ',') AS b FROM edges
SELECT n, unnest(words) AS w FROM edges ORDER BY n
SELECT e.n, u.w FROM edges e LEFT JOIN unnest(e.words) AS u(w) ON u.w <> 'a'
SELECT e.n, count(u.w) AS c FROM edges e LEFT JOIN unnest(e.words) AS u(w) ON true GROUP BY e.n
SELECT w, count(*) AS c FROM (SELECT unnest(string_split(word, ' ')) AS w FROM edges) GROUP BY w ORDER BY c DESC, w
SELECT list(x ORDER BY x, n) AS a, list(- x ORDER BY x DESC, n) AS b FROM edges
SELECT tiny, list(n ORDER BY word, n) AS a, list(word ORDER BY n) FILTER (WHERE word <> '') AS b, list(DISTINCT tiny ORDER BY tiny) AS c FROM edges GROUP BY tiny
SELECT list(day ORDER BY day NULLS FIRST, n) AS a, list(DISTINCT yes ORDER BY yes) AS b, list(t ORDER BY n) AS c FROM edges
SELECT n, {'a': n, 'b': nums}.b[1] AS a, {'x': {'y': word}}.x.y AS b, struct_extract({'k': dec}, 'k') AS c, {'A': n}.a AS d FROM edges
SELECT n, {'a': n, 'b': NULL} AS a FROM edges
SELECT n, {'a': n, 'b': NULL::INTEGER} AS a, {'a': x, 'd': day} AS b FROM edges
SELECT n, {'a': n} = {'a': tiny} AS a FROM edges
SELECT n, MAP {'a': n, 'b': tiny}['b'] AS a, map_keys(MAP {word: n}) AS b, MAP {n: word}[n] AS c, cardinality(MAP {'a': n}) AS d FROM edges WHERE word IS NOT NULL
SELECT n, nums IS NULL AS a, nums = [] AS b, nums = [2, 2, -5] AS c, nums <> [3, NULL, 1] AS d, nums IN ([2, 2, -5]) AS e FROM edges
SELECT n, nums IS NULL AS a, nums = [2, 2, -5] AS c, nums <> [3, NULL, 1] AS d FROM edges
SELECT nums, count(*) AS c FROM edges GROUP BY nums
SELECT n, range(n % 5) AS a, range(2, n % 7) AS b, generate_series(n % 3, 5, 2) AS c, len(range(0)) AS d FROM edges
SELECT i, i * i AS s FROM range(5) r(i)
SELECT n, flatten([nums, nums]) AS a FROM edges
SELECT n, list_unique(nums) AS a, list_count(words) AS b, list_reverse(words) AS c, list_distinct(nums) AS d FROM edges
SELECT n, list_aggregate(nums, 'max') AS a FROM edges
SELECT n, list_any_value(nums) AS a, list_first(nums) AS b FROM edges
-- traps of queries
SELECT -n AS n FROM edges QUALIFY row_number() OVER (ORDER BY n) = 1
SELECT n % 5 AS n, row_number() OVER (PARTITION BY n % 5 ORDER BY edges.n) AS r FROM edges QUALIFY r = 2
SELECT -n AS n, sum(n) OVER (ORDER BY n) AS s FROM edges ORDER BY n LIMIT 5
SELECT -n AS n FROM edges WHERE n < 5 ORDER BY n + 1
SELECT -n AS n, tiny FROM edges WHERE n < 9 ORDER BY edges.n
SELECT n % 3 AS tiny, count(*) AS c FROM edges GROUP BY tiny
SELECT n % 3 AS tiny, count(*) AS c FROM edges GROUP BY 1
SELECT n % 3 AS k, tiny AS n, count(*) AS c FROM edges GROUP BY k, n HAVING c > 1 ORDER BY 1, 2
SELECT tiny AS k, max(n) AS n FROM edges GROUP BY tiny ORDER BY max(n) DESC, n
SELECT tiny AS k, max(n) AS n FROM edges GROUP BY tiny HAVING max(n) > 110 ORDER BY k
SELECT sum(n) AS n, sum(n) * 2 AS m FROM edges
SELECT n AS a, a + 1 AS b, b * 2 AS c, c - a AS d FROM edges WHERE d > 9
SELECT word AS w, length(w) AS l, l > 3 AS b FROM edges ORDER BY l NULLS FIRST, w, n
SELECT tiny, n, sum(n) OVER (PARTITION BY tiny ORDER BY n) AS s, sum(n) OVER (PARTITION BY tiny) AS t, avg(n) OVER (ORDER BY tiny) AS u FROM edges
SELECT n, last_value(n) OVER (ORDER BY tiny, n) AS a, first_value(n) OVER (PARTITION BY yes ORDER BY tiny NULLS FIRST, n DESC) AS b, last_value(n) OVER (PARTITION BY yes ORDER BY n ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS c FROM edges
SELECT n, sum(n) OVER (ORDER BY tiny RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS a, count(*) OVER (ORDER BY tiny RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS b FROM edges
SELECT n, sum(n) OVER (ORDER BY tiny DESC NULLS FIRST RANGE BETWEEN 5 PRECEDING AND CURRENT ROW) AS a, count(*) OVER (ORDER BY tiny NULLS FIRST RANGE BETWEEN UNBOUNDED PRECEDING AND 2 PRECEDING) AS b FROM edges
SELECT n, sum(x) OVER (ORDER BY x RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS a FROM edges
SELECT n, count(*) OVER (ORDER BY t RANGE BETWEEN INTERVAL 1 DAY PRECEDING AND CURRENT ROW) AS a FROM edges WHERE year(t) < 9000
SELECT n, count(*) OVER (ORDER BY day RANGE BETWEEN INTERVAL 7 DAY PRECEDING AND CURRENT ROW) AS a FROM edges
SELECT n, count(*) OVER (ORDER BY x) AS a, rank() OVER (ORDER BY x DESC) AS b, dense_rank() OVER (ORDER BY - x) AS c FROM edges
SELECT n, min(word) OVER (PARTITION BY tiny) AS a, max(x) OVER (PARTITION BY tiny) AS b, count(word) OVER (PARTITION BY tiny) AS c, bool_and(yes) OVER (PARTITION BY tiny) AS d FROM edges
SELECT n, cume_dist() OVER (ORDER BY tiny) AS a, percent_rank() OVER (ORDER BY tiny DESC NULLS LAST) AS b, ntile(3) OVER (PARTITION BY yes ORDER BY n) AS c FROM edges
SELECT n, lag(tiny, 1, 0) OVER (ORDER BY n) AS a, lead(word, 3, 'none') OVER (ORDER BY n) AS b, lag(n, 1, n) OVER (ORDER BY n) AS c, lag(day) OVER (ORDER BY n DESC) AS d FROM edges
SELECT n, lag(dec, 1, 0) OVER (ORDER BY n) AS a, lead(tiny IGNORE NULLS) OVER (ORDER BY n) AS b, last_value(tiny IGNORE NULLS) OVER (ORDER BY n) AS c, first_value(yes IGNORE NULLS) OVER (ORDER BY n ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS d FROM edges
SELECT n, stddev(n) OVER (ORDER BY n ROWS 2 PRECEDING) AS a, avg(dec) OVER (ORDER BY n ROWS BETWEEN 3 PRECEDING AND 1 PRECEDING) AS b, sum(dec) OVER (ORDER BY n ROWS BETWEEN 2 FOLLOWING AND 4 FOLLOWING) AS c FROM edges
SELECT * FROM (SELECT n, row_number() OVER (PARTITION BY tiny ORDER BY n DESC) AS rn FROM edges) WHERE rn <= 2 ORDER BY n
SELECT tiny, count(*) AS c FROM edges GROUP BY tiny ORDER BY tiny
SELECT tiny, count(*) AS c FROM edges GROUP BY tiny ORDER BY tiny DESC
SELECT tiny, count(*) AS c FROM edges GROUP BY tiny ORDER BY c DESC, tiny NULLS FIRST LIMIT 4 OFFSET 1
SELECT DISTINCT yes, tiny FROM edges ORDER BY yes DESC, tiny
SELECT DISTINCT x FROM edges ORDER BY x DESC
SELECT DISTINCT ON (yes) yes, n, word FROM edges ORDER BY yes, n DESC
SELECT yes, tiny, grouping(yes, tiny) AS g, count(*) AS c FROM edges GROUP BY ROLLUP (yes, tiny)
SELECT yes, grouping_id(yes) AS g FROM edges GROUP BY CUBE (yes)
SELECT coalesce(tiny::VARCHAR, 'none') AS k, sum(n) AS s FROM edges GROUP BY GROUPING SETS ((tiny), ())
SELECT n, word FROM edges WHERE n < 2 UNION BY NAME SELECT word, n FROM edges WHERE n = 3
SELECT n, tiny FROM edges WHERE n < 2 UNION ALL BY NAME SELECT dec, n FROM edges WHERE n = 3
SELECT n FROM edges WHERE n NOT IN (SELECT n FROM edges WHERE n > 5)
SELECT n FROM edges WHERE tiny NOT IN (SELECT tiny FROM edges WHERE n < 3)
SELECT n FROM edges WHERE tiny NOT IN (SELECT tiny FROM edges)
SELECT n FROM edges WHERE tiny NOT IN (1, NULL)
SELECT n, tiny IN (1, NULL) AS a, tiny IN (SELECT n FROM edges WHERE n < 3) AS b, tiny NOT IN (SELECT tiny FROM edges WHERE n = 7) AS c FROM edges
SELECT n, EXISTS (SELECT 1 FROM edges f WHERE f.tiny = e.n) AS a FROM edges e
SELECT a.n, b.n AS m FROM edges a LEFT JOIN edges b ON a.n = b.tiny AND a.yes WHERE b.n IS NULL OR b.n < 9
SELECT a.n, b.n AS m FROM edges a JOIN edges b ON a.x = b.x AND a.n < b.n
SELECT a.n, b.n AS m FROM edges a JOIN edges b ON a.tiny = b.tiny AND a.day IS NOT DISTINCT FROM b.day WHERE a.n < 8
SELECT a.n, b.n AS m FROM edges a FULL JOIN (SELECT n FROM edges WHERE n % 2 = 0) b ON a.n = b.n + 100
SELECT count(*) AS c, count(a.word) AS w, count(b.word) AS v FROM edges a LEFT JOIN edges b ON a.word = b.word AND a.n <> b.n
SELECT a.n, b.n AS m FROM edges a, edges b WHERE a.word = b.word AND a.n < b.n AND a.n < 5
SELECT a.n FROM edges a ANTI JOIN edges b ON a.n = b.tiny
SELECT n, (SELECT count(*) FROM edges f WHERE f.tiny = e.n) AS a, (SELECT sum(f.n) FROM edges f WHERE f.tiny = e.n) AS b, coalesce((SELECT max(word) FROM edges f WHERE f.n = e.n + 1), '-') AS c FROM edges e
SELECT n, (SELECT word FROM edges f WHERE f.n > e.n ORDER BY f.n LIMIT 1) AS a FROM edges e
SELECT (SELECT n FROM edges) AS a
SELECT max(n) FILTER (WHERE tiny > 0) AS a, count(*) FILTER (WHERE word LIKE '%a%') AS b, sum(CASE WHEN yes THEN n END) AS c, count(CASE WHEN yes THEN 1 END) AS d, sum(yes::INT) AS e, avg(yes::INT) AS f FROM edges
SELECT sum(n) AS a, count(*) AS b, avg(n) AS c, max(word) AS d, bool_or(yes) AS e, list(n ORDER BY n) AS f, string_agg(word, ',' ORDER BY n) AS g, count(DISTINCT n) AS h, arg_max(n, n) AS i FROM edges WHERE n > 1000
SELECT tiny, sum(n) AS a FROM edges WHERE n > 1000 GROUP BY tiny
SELECT bool_and(yes) AS a, bool_or(yes) AS b, bool_and(NULL::BOOLEAN) AS c, count(NULL) AS d, min(NULL::INTEGER) AS e FROM edges
SELECT tiny, arg_max(word, n) AS a, arg_min(n, (x, n)) AS b, max(day) AS c, arg_max(tiny, n) AS d, arg_max(yes, n) AS e FROM edges GROUP BY tiny
SELECT tiny, first(yes ORDER BY n) AS a, any_value(yes ORDER BY n) AS b, last(word ORDER BY n) AS c FROM edges GROUP BY tiny
SELECT yes, count(DISTINCT tiny) AS a, count(DISTINCT word) FILTER (WHERE n > 9) AS b, sum(DISTINCT tiny) AS c FROM edges GROUP BY yes
WITH t AS (SELECT n, tiny FROM edges WHERE n < 9), u AS (SELECT * FROM t WHERE tiny > 0) SELECT t.n, u.n AS m FROM t LEFT JOIN u USING (n)
WITH RECURSIVE r(i, f) AS (SELECT 1, 1::BIGINT UNION ALL SELECT i + 1, f * (i + 1) FROM r WHERE i < 20) SELECT * FROM r
WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < 300) SELECT count(*) AS c, max(i) AS m FROM r
SELECT n, n AS N2, "n" AS "N3", edges."word" AS "W w" FROM edges WHERE "N" < 3
SELECT 'x' AS "a.b", n AS "c d", tiny AS "e`f", 1 AS "ü" FROM edges WHERE n < 2
SELECT t.* FROM (SELECT n AS "a.b", word AS "select" FROM edges) t WHERE "a.b" < 3
SELECT a.word, b.word FROM edges a JOIN edges b ON a.n = b.n
SELECT count(*), count(word), sum(n) FROM edges
SELECT n, n FROM edges
SELECT * FROM (VALUES (1, 2.5, 'x'), (NULL, 1, NULL)) v(a, b, c) WHERE a IS NULL OR b > 2
SELECT * FROM (SELECT n, word FROM edges) PIVOT (count(*) FOR word IN ('abc' AS p, '-7' AS q))
PIVOT (SELECT yes, tiny, n FROM edges) ON yes IN (true, false) USING sum(n) AS s, count(*) AS c GROUP BY tiny
UNPIVOT (SELECT n, tiny::BIGINT AS tiny, big FROM edges WHERE n < 5) ON tiny, big INTO NAME what VALUE v
SELECT n, CASE n % 3 WHEN 0 THEN 'a' WHEN 1 THEN NULL ELSE 'c' END AS a, CASE WHEN n > 5 AND yes THEN 'x' END AS b, if(yes, 'y', 'n') AS c, CASE WHEN yes THEN true WHEN NOT yes THEN false END AS d FROM edges
SELECT n, yes AND NULL AS a, yes OR NULL AS b, NOT (yes AND n > 3) AS c, yes = false AS d, yes IS NOT TRUE AS e, yes <> true AS f, coalesce(yes, false) AS g FROM edges
SELECT n FROM edges WHERE NOT yes OR yes IS NULL ORDER BY n DESC
SELECT n FROM edges ORDER BY word IS NULL, word DESC, n
SELECT n FROM edges ORDER BY CASE WHEN tiny > 0 THEN 0 ELSE 1 END, n DESC LIMIT 9
SELECT n FROM edges ORDER BY ALL DESC LIMIT 3
SELECT n, 2 AS k FROM edges GROUP BY ALL ORDER BY 1 LIMIT 3
