-- SELECT n, round(x) AS a, round(x, 2) AS b, floor(x) AS c, ceil(x) AS d, trunc(x) AS e, abs(x) AS f, sign(x) AS g FROM edges
SELECT `n`, round(`x`, 0) AS `a`, if(abs(`x`) < 1E298D, round(`x` * 1E2D, 0) / 1E2D, `x`) AS `b`, (CASE WHEN abs(`x`) < 9E15D THEN CAST(floor(`x`) AS DOUBLE) ELSE `x` END) AS `c`, (CASE WHEN abs(`x`) < 9E15D THEN CAST(ceil(`x`) AS DOUBLE) ELSE `x` END) AS `d`, (CASE WHEN abs(`x`) < 9E15D THEN CAST(CASE WHEN `x` < 0D THEN ceil(`x`) ELSE floor(`x`) END AS DOUBLE) ELSE `x` END) AS `e`, abs(`x`) AS `f`, CAST(CASE WHEN isnan(`x`) THEN 0 ELSE sign(`x`) END AS TINYINT) AS `g`
FROM `edges`

-- SELECT n, x::INTEGER AS a FROM edges WHERE abs(x) < 1e6
SELECT `n`, CAST(rint(`x`) AS INT) AS `a`
FROM `edges`
WHERE (abs(`x`) < 1E6D)

-- SELECT n, x::BIGINT AS a, x::SMALLINT AS b FROM edges WHERE abs(x) < 1000
SELECT `n`, CAST(rint(`x`) AS BIGINT) AS `a`, CAST(rint(`x`) AS SMALLINT) AS `b`
FROM `edges`
WHERE (abs(`x`) < CAST(1000 AS DOUBLE))

-- SELECT n, x::DECIMAL(18,2) AS a, x::DECIMAL(18,0) AS b FROM edges WHERE abs(x) < 1e10
SELECT `n`, CAST(CAST(round(`x` * 1E2D) AS DECIMAL(38,0)) / CAST('100' AS DECIMAL(3,0)) AS DECIMAL(18,2)) AS `a`, CAST(CAST(round(`x` * 1E0D) AS DECIMAL(38,0)) / CAST('1' AS DECIMAL(1,0)) AS DECIMAL(18,0)) AS `b`
FROM `edges`
WHERE (abs(`x`) < 1E10D)

-- SELECT n, dec::INTEGER AS a, dec::BIGINT AS b, dec::DOUBLE AS c, dec::DECIMAL(12,1) AS d, dec::DECIMAL(15,5) AS e FROM edges
SELECT `n`, CAST(round(`dec`, 0) AS INT) AS `a`, CAST(round(`dec`, 0) AS BIGINT) AS `b`, CAST(`dec` AS DOUBLE) AS `c`, CAST(`dec` AS DECIMAL(12,1)) AS `d`, CAST(`dec` AS DECIMAL(15,5)) AS `e`
FROM `edges`

-- SELECT n, round(dec, 2) AS a, round(dec, 1) AS b, round(dec) AS c, floor(dec) AS d, ceil(dec) AS e, abs(dec) AS f, round(dec, 5) AS g FROM edges
SELECT `n`, CAST(round(`dec`, 2) AS DECIMAL(12,2)) AS `a`, CAST(round(`dec`, 1) AS DECIMAL(12,1)) AS `b`, CAST(round(`dec`, 0) AS DECIMAL(12,0)) AS `c`, CAST(floor(`dec`) AS DECIMAL(12,0)) AS `d`, CAST(ceil(`dec`) AS DECIMAL(12,0)) AS `e`, abs(`dec`) AS `f`, CAST(round(`dec`, 5) AS DECIMAL(12,3)) AS `g`
FROM `edges`

-- SELECT n, x / 0 AS a, 0 / x AS b, x / x AS c, n / tiny AS d, dec / 3 AS e, dec / tiny AS f FROM edges
SELECT `n`, (CASE WHEN CAST(0 AS DOUBLE) <> 0D THEN `x` / CAST(0 AS DOUBLE) ELSE `x` * power(CAST(0 AS DOUBLE), -1D) END) AS `a`, (CASE WHEN `x` <> 0D THEN CAST(0 AS DOUBLE) / `x` ELSE CAST(0 AS DOUBLE) * power(`x`, -1D) END) AS `b`, (CASE WHEN `x` <> 0D THEN `x` / `x` ELSE `x` * power(`x`, -1D) END) AS `c`, (CASE WHEN CAST(`tiny` AS DOUBLE) <> 0D THEN CAST(`n` AS DOUBLE) / CAST(`tiny` AS DOUBLE) ELSE CAST(`n` AS DOUBLE) * power(CAST(`tiny` AS DOUBLE), -1D) END) AS `d`, (CAST(`dec` AS DOUBLE) / CAST(3 AS DOUBLE)) AS `e`, (CASE WHEN CAST(`tiny` AS DOUBLE) <> 0D THEN CAST(`dec` AS DOUBLE) / CAST(`tiny` AS DOUBLE) ELSE CAST(`dec` AS DOUBLE) * power(CAST(`tiny` AS DOUBLE), -1D) END) AS `f`
FROM `edges`

-- SELECT n, n // tiny AS a, n % tiny AS b, tiny % 5 AS c, -7 // 2 AS d, -7 % 3 AS e, dec % 2 AS f, dec % dec AS g FROM edges
SELECT `n`, CAST(`n` DIV nullif(`tiny`, 0) AS INT) AS `a`, (`n` % nullif(`tiny`, 0)) AS `b`, (`tiny` % 5) AS `c`, CAST(-7 DIV 2 AS INT) AS `d`, (-7 % 3) AS `e`, (`dec` % 2) AS `f`, (`dec` % nullif(`dec`, 0)) AS `g`
FROM `edges`

-- SELECT n, x = x AS a, x > 1 AS b, x < 0 AS c, x = 'NaN'::DOUBLE AS d, x IN (0, 0.5) AS e, x BETWEEN 0 AND 2 AS f, x IS DISTINCT FROM NULL AS g FROM edges
SELECT `n`, (`x` = `x`) AS `a`, (`x` > CAST(1 AS DOUBLE)) AS `b`, (`x` < CAST(0 AS DOUBLE)) AS `c`, (`x` = DOUBLE('NaN')) AS `d`, (`x` IN (CAST(0 AS DOUBLE), CAST(CAST('0.5' AS DECIMAL(2,1)) AS DOUBLE))) AS `e`, (`x` >= CAST(0 AS DOUBLE) AND `x` <= CAST(2 AS DOUBLE)) AS `f`, (`x` IS DISTINCT FROM NULL) AS `g`
FROM `edges`

-- SELECT x, count(*) AS k FROM edges GROUP BY x
SELECT `x`, count(*) AS `k`
FROM `edges`
GROUP BY `x`

-- SELECT n, x FROM edges ORDER BY x DESC, n
SELECT `n`, `x`
FROM `edges`
ORDER BY `x` DESC NULLS LAST, `n` ASC NULLS LAST

-- SELECT n, x FROM edges ORDER BY x NULLS FIRST, n
SELECT `n`, `x`
FROM `edges`
ORDER BY `x` ASC NULLS FIRST, `n` ASC NULLS LAST

-- SELECT max(x) AS a, min(x) AS b, max(big) AS c, min(tiny) AS d, max(dec) AS e FROM edges
SELECT max(`x`) AS `a`, min(`x`) AS `b`, max(`big`) AS `c`, min(`tiny`) AS `d`, max(`dec`) AS `e`
FROM `edges`

-- SELECT sum(tiny) AS a, avg(tiny) AS b, avg(big) AS c, sum(dec) AS d, avg(dec) AS e, avg(fine) AS f, sum(fine) AS g FROM edges
SELECT sum(`tiny`) AS `a`, (CAST(sum(`tiny`) AS DOUBLE) / nullif(count(`tiny`), 0)) AS `b`, (CAST(sum(CAST(`big` AS DECIMAL(38,0))) AS DOUBLE) / nullif(count(`big`), 0)) AS `c`, sum(`dec`) AS `d`, (CAST(sum(`dec`) AS DOUBLE) / nullif(count(`dec`), 0)) AS `e`, (CAST(sum(`fine`) AS DOUBLE) / nullif(count(`fine`), 0)) AS `f`, sum(`fine`) AS `g`
FROM `edges`

-- SELECT avg(x) AS a, sum(x) AS b FROM edges WHERE abs(x) < 1e3
SELECT avg(`x`) AS `a`, sum(`x`) AS `b`
FROM `edges`
WHERE (abs(`x`) < 1E3D)

-- SELECT tiny, sum(n) AS a, sum(sum(n)) OVER (ORDER BY tiny) AS b, avg(sum(n)) OVER () AS c FROM edges GROUP BY tiny
SELECT `tiny`, sum(`n`) AS `a`, sum(sum(`n`)) OVER (ORDER BY `tiny` ASC NULLS LAST) AS `b`, (CAST(sum(sum(`n`)) OVER () AS DOUBLE) / nullif(count(sum(`n`)) OVER (), 0)) AS `c`
FROM `edges`
GROUP BY `tiny`

-- SELECT sum(s) AS a FROM (SELECT sum(n) AS s FROM edges GROUP BY tiny)
SELECT sum(`s`) AS `a`
FROM (SELECT sum(`n`) AS `s`
FROM `edges`
GROUP BY `tiny`)

-- SELECT n, isnan(x) AS a, isinf(x) AS b, isfinite(x) AS c FROM edges
SELECT `n`, (CASE WHEN `x` IS NULL THEN NULL ELSE isnan(`x`) END) AS `a`, (CASE WHEN `x` IS NULL THEN NULL ELSE abs(`x`) = DOUBLE('Infinity') END) AS `b`, (CASE WHEN `x` IS NULL THEN NULL ELSE NOT isnan(`x`) AND abs(`x`) <> DOUBLE('Infinity') END) AS `c`
FROM `edges`

-- SELECT n, greatest(x, 0) AS a, least(tiny, 5, n) AS b, greatest(dec, 1.5) AS c, greatest(NULL, tiny) AS d, greatest(word, 'm') AS e FROM edges
SELECT `n`, greatest(`x`, CAST(0 AS DOUBLE)) AS `a`, least(`tiny`, 5, `n`) AS `b`, greatest(`dec`, CAST(CAST('1.5' AS DECIMAL(2,1)) AS DECIMAL(12,3))) AS `c`, greatest(NULL, `tiny`) AS `d`, greatest(`word`, 'm') AS `e`
FROM `edges`

-- SELECT n, sqrt(abs(tiny)) AS a, power(tiny, 2) AS b, exp(tiny % 5) AS c, ln(n + 1) AS d, log2(n + 1) AS e, cbrt(tiny) AS f, degrees(x) AS g, atan(x) AS h FROM edges WHERE abs(x) < 1e6
SELECT `n`, CASE WHEN CAST(abs(`tiny`) AS DOUBLE) < 0D THEN raise_error('Lakebook: the square root of a negative number') ELSE sqrt(CAST(abs(`tiny`) AS DOUBLE)) END AS `a`, power(CAST(`tiny` AS DOUBLE), CAST(2 AS DOUBLE)) AS `b`, exp(CAST((`tiny` % 5) AS DOUBLE)) AS `c`, CASE WHEN CAST((`n` + 1) AS DOUBLE) <= 0D THEN raise_error('Lakebook: the logarithm of zero or less') ELSE ln(CAST((`n` + 1) AS DOUBLE)) END AS `d`, CASE WHEN CAST((`n` + 1) AS DOUBLE) <= 0D THEN raise_error('Lakebook: the logarithm of zero or less') ELSE log2(CAST((`n` + 1) AS DOUBLE)) END AS `e`, cbrt(CAST(`tiny` AS DOUBLE)) AS `f`, degrees(`x`) AS `g`, atan(`x`) AS `h`
FROM `edges`
WHERE (abs(`x`) < 1E6D)

-- SELECT n, tiny & 5 AS a, tiny | 8 AS b, xor(tiny, 3) AS c FROM edges
SELECT `n`, CAST(`tiny` & 5 AS TINYINT) AS `a`, CAST(`tiny` | 8 AS TINYINT) AS `b`, CAST(`tiny` ^ 3 AS TINYINT) AS `c`
FROM `edges`

-- SELECT n, fine * 2 AS a, fine + dec AS b, fine * dec AS c, dec - 1 AS d, dec * 0.1 AS e, -dec AS f FROM edges
SELECT `n`, (`fine` * 2) AS `a`, (`fine` + `dec`) AS `b`, (`fine` * `dec`) AS `c`, (`dec` - 1) AS `d`, (`dec` * CAST('0.1' AS DECIMAL(2,1))) AS `e`, (- `dec`) AS `f`
FROM `edges`

-- SELECT n, fine * fine * fine AS a FROM edges
SELECT `n`, ((`fine` * `fine`) * `fine`) AS `a`
FROM `edges`

-- SELECT n, 0.1 + 0.2 AS a, 0.1::DOUBLE + 0.2 AS b, 1.0 / 3 AS c, 2e0 * 0.1 AS d, 7 / 2 AS e FROM edges
SELECT `n`, (CAST('0.1' AS DECIMAL(2,1)) + CAST('0.2' AS DECIMAL(2,1))) AS `a`, (CAST(CAST('0.1' AS DECIMAL(2,1)) AS DOUBLE) + CAST(CAST('0.2' AS DECIMAL(2,1)) AS DOUBLE)) AS `b`, (CAST(CAST('1.0' AS DECIMAL(2,1)) AS DOUBLE) / CAST(3 AS DOUBLE)) AS `c`, (2E0D * CAST('0.1' AS DECIMAL(2,1))) AS `d`, (CAST(7 AS DOUBLE) / CAST(2 AS DOUBLE)) AS `e`
FROM `edges`

-- SELECT 9223372036854775807 AS a, -9223372036854775808 AS b, 12345678901234567890 AS c, 9007199254740993 AS d, 1e400 AS e
-- refused: a literal of the type DOUBLE at `1e400`

-- SELECT 9223372036854775807 AS a, 12345678901234567890 AS c, 9007199254740993 AS d, 123456789012345678.9 AS e, 1e-7 AS f, 1.5e300 AS g
SELECT 9223372036854775807L AS `a`, CAST('12345678901234567890' AS DECIMAL(38,0)) AS `c`, 9007199254740993L AS `d`, CAST('123456789012345678.9' AS DECIMAL(19,1)) AS `e`, 1E-7D AS `f`, 1.5E300D AS `g`

-- SELECT n, count(*) FILTER (x > 0) OVER (PARTITION BY tiny) AS a, sum(dec) OVER (PARTITION BY tiny ORDER BY n ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS b FROM edges
SELECT `n`, count(*) FILTER (WHERE (`x` > CAST(0 AS DOUBLE))) OVER (PARTITION BY `tiny`) AS `a`, sum(`dec`) OVER (PARTITION BY `tiny` ORDER BY `n` ASC NULLS LAST ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS `b`
FROM `edges`

-- SELECT median(x) AS a, quantile_cont(tiny, 0.25) AS b, quantile_disc(tiny, 0.5) AS c, quantile_disc(n, 0.9) AS d FROM edges WHERE abs(x) < 1e3
SELECT percentile(CAST(`x` AS DOUBLE), 0.5D) AS `a`, percentile(CAST(`tiny` AS DOUBLE), CAST(CAST('0.25' AS DECIMAL(3,2)) AS DOUBLE)) AS `b`, CAST(percentile_disc(CAST(CAST('0.5' AS DECIMAL(2,1)) AS DOUBLE)) WITHIN GROUP (ORDER BY `tiny`) AS TINYINT) AS `c`, CAST(percentile_disc(CAST(CAST('0.9' AS DECIMAL(2,1)) AS DOUBLE)) WITHIN GROUP (ORDER BY `n`) AS INT) AS `d`
FROM `edges`
WHERE (abs(`x`) < 1E3D)

-- SELECT tiny, quantile_disc(n, 0.1) AS a, quantile_disc(n, 0.5) AS b, quantile_disc(n, 1) AS c, median(n) AS d, quantile_cont(n, 0) AS e FROM edges GROUP BY tiny
SELECT `tiny`, CAST(percentile_disc(CAST(CAST('0.1' AS DECIMAL(2,1)) AS DOUBLE)) WITHIN GROUP (ORDER BY `n`) AS INT) AS `a`, CAST(percentile_disc(CAST(CAST('0.5' AS DECIMAL(2,1)) AS DOUBLE)) WITHIN GROUP (ORDER BY `n`) AS INT) AS `b`, CAST(percentile_disc(CAST(1 AS DOUBLE)) WITHIN GROUP (ORDER BY `n`) AS INT) AS `c`, percentile(CAST(`n` AS DOUBLE), 0.5D) AS `d`, percentile(CAST(`n` AS DOUBLE), CAST(0 AS DOUBLE)) AS `e`
FROM `edges`
GROUP BY `tiny`

-- SELECT stddev(n) AS a, stddev_pop(n) AS b, var_samp(dec) AS c, var_pop(tiny) AS d, covar_pop(n, tiny) AS e, covar_samp(n, dec) AS f, corr(n, tiny) AS g FROM edges
SELECT stddev_samp(CAST(`n` AS DOUBLE)) AS `a`, stddev_pop(CAST(`n` AS DOUBLE)) AS `b`, var_samp(CAST(`dec` AS DOUBLE)) AS `c`, var_pop(CAST(`tiny` AS DOUBLE)) AS `d`, covar_pop(CAST(`n` AS DOUBLE), CAST(`tiny` AS DOUBLE)) AS `e`, covar_samp(CAST(`n` AS DOUBLE), CAST(`dec` AS DOUBLE)) AS `f`, CASE WHEN regr_count(CAST(`n` AS DOUBLE), CAST(`tiny` AS DOUBLE)) > 0 THEN coalesce(corr(CAST(`n` AS DOUBLE), CAST(`tiny` AS DOUBLE)), DOUBLE('NaN')) END AS `g`
FROM `edges`

-- SELECT n, stddev(x) AS a, stddev_pop(n) AS b, var_samp(n) AS c, corr(n, tiny) AS d, covar_samp(n, tiny) AS e, median(n) AS f FROM edges WHERE n < 5 GROUP BY n
SELECT `n`, CASE WHEN isnan(stddev_samp(`x`)) THEN raise_error('Lakebook: stddev() is out of range') ELSE stddev_samp(`x`) END AS `a`, stddev_pop(CAST(`n` AS DOUBLE)) AS `b`, var_samp(CAST(`n` AS DOUBLE)) AS `c`, CASE WHEN regr_count(CAST(`n` AS DOUBLE), CAST(`tiny` AS DOUBLE)) > 0 THEN coalesce(corr(CAST(`n` AS DOUBLE), CAST(`tiny` AS DOUBLE)), DOUBLE('NaN')) END AS `d`, covar_samp(CAST(`n` AS DOUBLE), CAST(`tiny` AS DOUBLE)) AS `e`, percentile(CAST(`n` AS DOUBLE), 0.5D) AS `f`
FROM `edges`
WHERE (`n` < 5)
GROUP BY `n`

-- SELECT corr(n, 1) AS a, stddev_pop(1) AS b FROM edges
SELECT CASE WHEN regr_count(CAST(`n` AS DOUBLE), CAST(1 AS DOUBLE)) > 0 THEN coalesce(corr(CAST(`n` AS DOUBLE), CAST(1 AS DOUBLE)), DOUBLE('NaN')) END AS `a`, stddev_pop(CAST(1 AS DOUBLE)) AS `b`
FROM `edges`

-- SELECT sum(n) AS a, avg(n) AS b, min(n) AS c, count(n) AS d, string_agg(word, ',' ORDER BY n) AS e, list(n ORDER BY n) AS f, bool_and(yes) AS g, median(n) AS h, stddev(n) AS i, any_value(n ORDER BY n) AS j FROM edges WHERE n < 0
SELECT sum(`n`) AS `a`, (CAST(sum(`n`) AS DOUBLE) / nullif(count(`n`), 0)) AS `b`, min(`n`) AS `c`, count(`n`) AS `d`, listagg(`word`, ',') WITHIN GROUP (ORDER BY `n` ASC NULLS LAST) AS `e`, (CASE WHEN count(*) = 0 THEN NULL ELSE transform(array_sort(collect_list(named_struct('v', `n`, 'k0', `n`)), (a, b) -> CASE WHEN a.k0 IS NULL AND b.k0 IS NOT NULL THEN 1 WHEN b.k0 IS NULL AND a.k0 IS NOT NULL THEN -1 WHEN a.k0 < b.k0 THEN -1 WHEN a.k0 > b.k0 THEN 1 ELSE 0 END), e -> e.v) END) AS `f`, bool_and(`yes`) AS `g`, percentile(CAST(`n` AS DOUBLE), 0.5D) AS `h`, stddev_samp(CAST(`n` AS DOUBLE)) AS `i`, min_by(`n`, struct(`n` IS NULL, `n`)) FILTER (WHERE `n` IS NOT NULL) AS `j`
FROM `edges`
WHERE (`n` < 0)

-- SELECT n, CASE WHEN tiny > 0 THEN tiny ELSE dec END AS a, coalesce(tiny, x) AS b, if(yes, 1, 2.5) AS c, ifnull(dec, 0) AS d, coalesce(NULL, n) AS e FROM edges
SELECT `n`, CASE WHEN (`tiny` > 0) THEN CAST(`tiny` AS DECIMAL(12,3)) ELSE `dec` END AS `a`, coalesce(CAST(`tiny` AS DOUBLE), `x`) AS `b`, CASE WHEN `yes` THEN CAST(1 AS DECIMAL(11,1)) ELSE CAST(CAST('2.5' AS DECIMAL(2,1)) AS DECIMAL(11,1)) END AS `c`, coalesce(CAST(`dec` AS DECIMAL(13,3)), CAST(0 AS DECIMAL(13,3))) AS `d`, coalesce(NULL, `n`) AS `e`
FROM `edges`

-- SELECT n, dec > 0.5 AS a, dec = 0.005 AS b, tiny = 7.0 AS c, big > 1.5 AS d, x > dec AS e, dec IN (0, 0.005, 12.345) AS f, tiny BETWEEN -1.5 AND 7.5 AS g FROM edges
SELECT `n`, (`dec` > CAST('0.5' AS DECIMAL(2,1))) AS `a`, (`dec` = CAST('0.005' AS DECIMAL(4,3))) AS `b`, (`tiny` = CAST('7.0' AS DECIMAL(2,1))) AS `c`, (`big` > CAST('1.5' AS DECIMAL(2,1))) AS `d`, (`x` > CAST(`dec` AS DOUBLE)) AS `e`, (`dec` IN (0, CAST('0.005' AS DECIMAL(4,3)), CAST('12.345' AS DECIMAL(5,3)))) AS `f`, (`tiny` >= CAST('-1.5' AS DECIMAL(2,1)) AND `tiny` <= CAST('7.5' AS DECIMAL(2,1))) AS `g`
FROM `edges`

-- SELECT n, tiny::DOUBLE AS a, big::DOUBLE AS b, big::DECIMAL(20,1) AS c, tiny::BOOLEAN AS d, yes::INTEGER AS e, big::HUGEINT AS f FROM edges
SELECT `n`, CAST(`tiny` AS DOUBLE) AS `a`, CAST(`big` AS DOUBLE) AS `b`, CAST(`big` AS DECIMAL(20,1)) AS `c`, CAST(`tiny` AS BOOLEAN) AS `d`, CAST(`yes` AS INT) AS `e`, CAST(`big` AS DECIMAL(38,0)) AS `f`
FROM `edges`

-- SELECT n, try_cast(big AS TINYINT) AS a, try_cast(dec AS SMALLINT) AS b, try_cast(x AS INTEGER) AS c FROM edges
SELECT `n`, try_cast(`big` AS TINYINT) AS `a`, try_cast(round(`dec`, 0) AS SMALLINT) AS `b`, try_cast(rint(`x`) AS INT) AS `c`
FROM `edges`

-- SELECT n, x::FLOAT AS a, dec::FLOAT AS b FROM edges WHERE abs(x) < 1e6
SELECT `n`, CASE WHEN abs(`x`) > 3.4028235677973362E38D AND abs(`x`) < DOUBLE('Infinity') THEN raise_error('Lakebook: a number that no FLOAT can hold') ELSE CAST(`x` AS FLOAT) END AS `a`, CAST(`dec` AS FLOAT) AS `b`
FROM `edges`
WHERE (abs(`x`) < 1E6D)

-- SELECT n, x::FLOAT + 1 AS a FROM edges
-- refused: FLOAT + INTEGER at `+` (cast to DOUBLE)

-- SELECT n, product(tiny) AS a FROM edges GROUP BY n
-- refused: product() at `product`

-- SELECT bit_and(n) AS a, bit_or(n) AS b, bit_xor(n) AS c FROM edges
SELECT bit_and(`n`) AS `a`, bit_or(`n`) AS `b`, bit_xor(`n`) AS `c`
FROM `edges`

-- SELECT n, width_bucket(x, 0, 10, 5) AS a FROM edges
-- refused: width_bucket() at `width_bucket`

-- SELECT n, fine * fine AS a, fine * 1.00000001 AS b, fine + 0.0000000001 AS c FROM edges
SELECT `n`, (`fine` * `fine`) AS `a`, (`fine` * CAST('1.00000001' AS DECIMAL(9,8))) AS `b`, (`fine` + CAST('0.0000000001' AS DECIMAL(11,10))) AS `c`
FROM `edges`

-- SELECT tiny, sum(fine) * 0.0000000001 AS a, sum(fine) - sum(dec) AS b, sum(dec) * sum(dec) AS c FROM edges GROUP BY tiny
SELECT `tiny`, (CAST(sum(`fine`) AS DECIMAL(26,8)) * CAST('0.0000000001' AS DECIMAL(11,10))) AS `a`, (CAST(sum(`fine`) AS DECIMAL(37,8)) - CAST(sum(`dec`) AS DECIMAL(32,3))) AS `b`, (sum(`dec`) * sum(`dec`)) AS `c`
FROM `edges`
GROUP BY `tiny`

-- SELECT n, sum(n) OVER (ORDER BY n RANGE BETWEEN 2 PRECEDING AND 2 FOLLOWING) AS a, count(*) OVER (ORDER BY n RANGE BETWEEN UNBOUNDED PRECEDING AND 3 FOLLOWING) AS b FROM edges
SELECT `n`, sum(`n`) OVER (ORDER BY `n` ASC NULLS LAST RANGE BETWEEN 2 PRECEDING AND 2 FOLLOWING) AS `a`, count(*) OVER (ORDER BY `n` ASC NULLS LAST RANGE BETWEEN UNBOUNDED PRECEDING AND 3 FOLLOWING) AS `b`
FROM `edges`

-- SELECT n, sqrt(abs(n)) AS a, exp(tiny % 5) AS c, ln(n + 1) AS d, log2(n + 1) AS e, cbrt(tiny) AS f, degrees(x) AS g, atan(x) AS h FROM edges WHERE abs(x) < 1e6 AND tiny > -128
SELECT `n`, CASE WHEN CAST(abs(`n`) AS DOUBLE) < 0D THEN raise_error('Lakebook: the square root of a negative number') ELSE sqrt(CAST(abs(`n`) AS DOUBLE)) END AS `a`, exp(CAST((`tiny` % 5) AS DOUBLE)) AS `c`, CASE WHEN CAST((`n` + 1) AS DOUBLE) <= 0D THEN raise_error('Lakebook: the logarithm of zero or less') ELSE ln(CAST((`n` + 1) AS DOUBLE)) END AS `d`, CASE WHEN CAST((`n` + 1) AS DOUBLE) <= 0D THEN raise_error('Lakebook: the logarithm of zero or less') ELSE log2(CAST((`n` + 1) AS DOUBLE)) END AS `e`, cbrt(CAST(`tiny` AS DOUBLE)) AS `f`, degrees(`x`) AS `g`, atan(`x`) AS `h`
FROM `edges`
WHERE ((abs(`x`) < 1E6D) AND (`tiny` > -128))

-- SELECT n, chr(65 + n % 26) AS a, sign(dec) AS b, sign(tiny) AS c FROM edges
SELECT `n`, CASE WHEN (65 + (`n` % 26)) BETWEEN 1 AND 127 THEN chr((65 + (`n` % 26))) WHEN (65 + (`n` % 26)) IS NULL THEN NULL ELSE raise_error('Lakebook: chr() beyond ASCII') END AS `a`, CAST(sign(`dec`) AS TINYINT) AS `b`, CAST(sign(`tiny`) AS TINYINT) AS `c`
FROM `edges`

-- SELECT n, sqrt(tiny) AS a FROM edges
SELECT `n`, CASE WHEN CAST(`tiny` AS DOUBLE) < 0D THEN raise_error('Lakebook: the square root of a negative number') ELSE sqrt(CAST(`tiny` AS DOUBLE)) END AS `a`
FROM `edges`

-- SELECT n, ln(tiny) AS a FROM edges
SELECT `n`, CASE WHEN CAST(`tiny` AS DOUBLE) <= 0D THEN raise_error('Lakebook: the logarithm of zero or less') ELSE ln(CAST(`tiny` AS DOUBLE)) END AS `a`
FROM `edges`

-- SELECT 1e15 AS a, 1e20 AS b, 1234567890123456.5::DOUBLE AS c, 123456789012345678901234.5 AS d, -1e16 AS e, 0.1e0 AS f
SELECT 1E15D AS `a`, 1E20D AS `b`, CAST(CAST('1234567890123456.5' AS DECIMAL(17,1)) AS DOUBLE) AS `c`, CAST('123456789012345678901234.5' AS DECIMAL(25,1)) AS `d`, -1E16D AS `e`, 1E-1D AS `f`
