-- SELECT n, 1 / (- x) AS a, 1 / (x * -1) AS b, -1 / (- x) AS c, 0 / (- x) AS d FROM edges
SELECT `n`, (CASE WHEN (- `x`) <> 0D THEN CAST(1 AS DOUBLE) / (- `x`) ELSE CAST(1 AS DOUBLE) * power((- `x`), -1D) END) AS `a`, (CASE WHEN (`x` * CAST(-1 AS DOUBLE)) <> 0D THEN CAST(1 AS DOUBLE) / (`x` * CAST(-1 AS DOUBLE)) ELSE CAST(1 AS DOUBLE) * power((`x` * CAST(-1 AS DOUBLE)), -1D) END) AS `b`, (CASE WHEN (- `x`) <> 0D THEN CAST(-1 AS DOUBLE) / (- `x`) ELSE CAST(-1 AS DOUBLE) * power((- `x`), -1D) END) AS `c`, (CASE WHEN (- `x`) <> 0D THEN CAST(0 AS DOUBLE) / (- `x`) ELSE CAST(0 AS DOUBLE) * power((- `x`), -1D) END) AS `d`
FROM `edges`

-- SELECT n, round(x * 1e300, 2) AS a, round(x * 1e300) AS b, round(-x, 1) AS c FROM edges
SELECT `n`, if(abs((`x` * 1E300D)) < 1E298D, round((`x` * 1E300D) * 1E2D, 0) / 1E2D, (`x` * 1E300D)) AS `a`, round((`x` * 1E300D), 0) AS `b`, if(abs((- `x`)) < 1E299D, round((- `x`) * 1E1D, 0) / 1E1D, (- `x`)) AS `c`
FROM `edges`

-- SELECT n, floor(x * 1e300) AS a, ceil(- x) AS b, trunc(x * 1e16) AS c FROM edges
SELECT `n`, (CASE WHEN abs((`x` * 1E300D)) < 9E15D THEN CAST(floor((`x` * 1E300D)) AS DOUBLE) ELSE (`x` * 1E300D) END) AS `a`, (CASE WHEN abs((- `x`)) < 9E15D THEN CAST(ceil((- `x`)) AS DOUBLE) ELSE (- `x`) END) AS `b`, (CASE WHEN abs((`x` * 1E16D)) < 9E15D THEN CAST(CASE WHEN (`x` * 1E16D) < 0D THEN ceil((`x` * 1E16D)) ELSE floor((`x` * 1E16D)) END AS DOUBLE) ELSE (`x` * 1E16D) END) AS `c`
FROM `edges`

-- SELECT n, (x * 1e300)::FLOAT AS a FROM edges WHERE n % 20 <> 11
SELECT `n`, CASE WHEN abs((`x` * 1E300D)) > 3.4028235677973362E38D AND abs((`x` * 1E300D)) < DOUBLE('Infinity') THEN raise_error('Lakebook: a number that no FLOAT can hold') ELSE CAST((`x` * 1E300D) AS FLOAT) END AS `a`
FROM `edges`
WHERE ((`n` % 20) <> 11)

-- SELECT n, x * 1e308 AS a, x * 1e308 * 10 AS b, x / 1e-308 AS c, -x * 1e-320 AS d FROM edges
SELECT `n`, (`x` * 1E308D) AS `a`, ((`x` * 1E308D) * CAST(10 AS DOUBLE)) AS `b`, (`x` / 1E-308D) AS `c`, ((- `x`) * 1E-320D) AS `d`
FROM `edges`

-- SELECT sum(x * 1e308) AS a FROM edges WHERE abs(x) < 1e3
SELECT sum((`x` * 1E308D)) AS `a`
FROM `edges`
WHERE (abs(`x`) < 1E3D)

-- SELECT n, n % -3 AS a, -n % 3 AS b, big % -1 AS c, big // -1 AS d, big // 7 AS e, (- n) // 7 AS f FROM edges
SELECT `n`, (`n` % -3) AS `a`, ((- `n`) % 3) AS `b`, (`big` % -1) AS `c`, CAST(`big` DIV -1 AS BIGINT) AS `d`, CAST(`big` DIV 7 AS BIGINT) AS `e`, CAST((- `n`) DIV 7 AS INT) AS `f`
FROM `edges`

-- SELECT n, big % 10 AS a, big - 1 AS b, big + -1 AS c FROM edges WHERE big > -9223372036854775807
SELECT `n`, (`big` % 10) AS `a`, (`big` - 1) AS `b`, (`big` + -1) AS `c`
FROM `edges`
WHERE (`big` > -9223372036854775807L)

-- SELECT n, big + 1 AS a FROM edges
SELECT `n`, (`big` + 1) AS `a`
FROM `edges`

-- SELECT n, big * 2 AS a FROM edges
SELECT `n`, (`big` * 2) AS `a`
FROM `edges`

-- SELECT n, tiny + tiny AS a FROM edges
SELECT `n`, (`tiny` + `tiny`) AS `a`
FROM `edges`

-- SELECT n, tiny * 2 AS a, tiny * 2::TINYINT AS b FROM edges WHERE abs(tiny) < 60
SELECT `n`, (`tiny` * 2) AS `a`, (`tiny` * CAST(2 AS TINYINT)) AS `b`
FROM `edges`
WHERE (abs(`tiny`) < 60)

-- SELECT n, - tiny AS a FROM edges
SELECT `n`, (- `tiny`) AS `a`
FROM `edges`

-- SELECT n, abs(tiny) AS a FROM edges
SELECT `n`, abs(`tiny`) AS `a`
FROM `edges`

-- SELECT n, n * n * n * n AS a FROM edges
SELECT `n`, (((`n` * `n`) * `n`) * `n`) AS `a`
FROM `edges`

-- SELECT n, n::BIGINT * n * n * n AS a, (n * 1000)::SMALLINT AS b FROM edges WHERE n < 30
SELECT `n`, (((CAST(`n` AS BIGINT) * `n`) * `n`) * `n`) AS `a`, CAST((`n` * 1000) AS SMALLINT) AS `b`
FROM `edges`
WHERE (`n` < 30)

-- SELECT n, 7 / 2 AS a, -7 / 2 AS b, 7 // 2 AS c, -7 // 2 AS d, 7 // -2 AS e, 7.0 / 2 AS f, 7 % -4 AS g, -7 % 4 AS h, 7.5 % 2 AS i, -7.5 % 2 AS j FROM edges WHERE n = 1
SELECT `n`, (CAST(7 AS DOUBLE) / CAST(2 AS DOUBLE)) AS `a`, (CAST(-7 AS DOUBLE) / CAST(2 AS DOUBLE)) AS `b`, CAST(7 DIV 2 AS INT) AS `c`, CAST(-7 DIV 2 AS INT) AS `d`, CAST(7 DIV -2 AS INT) AS `e`, (CAST(CAST('7.0' AS DECIMAL(2,1)) AS DOUBLE) / CAST(2 AS DOUBLE)) AS `f`, (7 % -4) AS `g`, (-7 % 4) AS `h`, (CAST('7.5' AS DECIMAL(2,1)) % 2) AS `i`, (CAST('-7.5' AS DECIMAL(2,1)) % 2) AS `j`
FROM `edges`
WHERE (`n` = 1)

-- SELECT tiny, sum(n) // 7 AS a, sum(n) % 7 AS b, sum(n) / 7 AS c, sum(n) * 3 AS d, sum(n) // 0 AS e, count(*) // 4 AS f FROM edges GROUP BY tiny
SELECT `tiny`, CAST(sum(`n`) DIV 7 AS DECIMAL(38,0)) AS `a`, (sum(`n`) % 7) AS `b`, (CAST(sum(`n`) AS DOUBLE) / CAST(7 AS DOUBLE)) AS `c`, (sum(`n`) * 3) AS `d`, CAST(sum(`n`) DIV nullif(0, 0) AS DECIMAL(38,0)) AS `e`, CAST(count(*) DIV 4 AS BIGINT) AS `f`
FROM `edges`
GROUP BY `tiny`

-- SELECT tiny, avg(n) // 2 AS a FROM edges GROUP BY tiny
-- refused: DOUBLE // INTEGER at `//` (use floor(a / b))

-- SELECT sum(big) AS a, avg(big) AS b FROM edges WHERE big < 9223372036854775807
SELECT sum(`big`) AS `a`, (CAST(sum(CAST(`big` AS DECIMAL(38,0))) AS DOUBLE) / nullif(count(`big`), 0)) AS `b`
FROM `edges`
WHERE (`big` < 9223372036854775807L)

-- SELECT sum(big) AS a FROM edges WHERE big >= 127
SELECT sum(`big`) AS `a`
FROM `edges`
WHERE (`big` >= 127)

-- SELECT n, dec * dec AS a, dec + 1 AS b, dec - 0.0005 AS c, dec * 1.5 AS d, dec / 0 AS e, dec // 1 AS f FROM edges
-- refused: DECIMAL(12,3) // INTEGER at `//` (use floor(a / b))

-- SELECT n, dec * dec AS a, dec + 1 AS b, dec - 0.0005 AS c, dec * 1.5 AS d, dec / 0 AS e, 1 / dec AS f FROM edges
SELECT `n`, (`dec` * `dec`) AS `a`, (`dec` + 1) AS `b`, (`dec` - CAST('0.0005' AS DECIMAL(5,4))) AS `c`, (`dec` * CAST('1.5' AS DECIMAL(2,1))) AS `d`, (CASE WHEN CAST(0 AS DOUBLE) <> 0D THEN CAST(`dec` AS DOUBLE) / CAST(0 AS DOUBLE) ELSE CAST(`dec` AS DOUBLE) * power(CAST(0 AS DOUBLE), -1D) END) AS `e`, (CASE WHEN CAST(`dec` AS DOUBLE) <> 0D THEN CAST(1 AS DOUBLE) / CAST(`dec` AS DOUBLE) ELSE CAST(1 AS DOUBLE) * power(CAST(`dec` AS DOUBLE), -1D) END) AS `f`
FROM `edges`

-- SELECT n, dec * 1.5e0 AS a, dec + x AS b, dec > x AS c, dec = x AS d FROM edges
SELECT `n`, (`dec` * 1.5E0D) AS `a`, (CAST(`dec` AS DOUBLE) + `x`) AS `b`, (CAST(`dec` AS DOUBLE) > `x`) AS `c`, (CAST(`dec` AS DOUBLE) = `x`) AS `d`
FROM `edges`

-- SELECT n, dec::DECIMAL(12,1) AS a, dec::DECIMAL(9,0) AS b, dec::DECIMAL(18,5) AS c, (dec * 10)::INTEGER AS d, (dec * 1000)::BIGINT % 7 AS e FROM edges
SELECT `n`, CAST(`dec` AS DECIMAL(12,1)) AS `a`, CAST(`dec` AS DECIMAL(9,0)) AS `b`, CAST(`dec` AS DECIMAL(18,5)) AS `c`, CAST(round((`dec` * 10), 0) AS INT) AS `d`, (CAST(round((`dec` * 1000), 0) AS BIGINT) % 7) AS `e`
FROM `edges`

-- SELECT n, dec::DECIMAL(4,1) AS a FROM edges
SELECT `n`, CAST(`dec` AS DECIMAL(4,1)) AS `a`
FROM `edges`

-- SELECT n, round(dec, 0) AS a, round(dec * 3, 1) AS b, round(dec / 3, 2) AS c, round(dec * 1.15, 2) AS d FROM edges
SELECT `n`, CAST(round(`dec`, 0) AS DECIMAL(12,0)) AS `a`, CAST(round((`dec` * 3), 1) AS DECIMAL(18,1)) AS `b`, if(abs((CAST(`dec` AS DOUBLE) / CAST(3 AS DOUBLE))) < 1E298D, round((CAST(`dec` AS DOUBLE) / CAST(3 AS DOUBLE)) * 1E2D, 0) / 1E2D, (CAST(`dec` AS DOUBLE) / CAST(3 AS DOUBLE))) AS `c`, CAST(round((`dec` * CAST('1.15' AS DECIMAL(3,2))), 2) AS DECIMAL(15,2)) AS `d`
FROM `edges`

-- SELECT n, round(-dec, 2) AS a, floor(-dec) AS b, ceil(-dec) AS c, sign(-dec) AS d, abs(-dec) AS e FROM edges
SELECT `n`, CAST(round((- `dec`), 2) AS DECIMAL(12,2)) AS `a`, CAST(floor((- `dec`)) AS DECIMAL(12,0)) AS `b`, CAST(ceil((- `dec`)) AS DECIMAL(12,0)) AS `c`, CAST(sign((- `dec`)) AS TINYINT) AS `d`, abs((- `dec`)) AS `e`
FROM `edges`

-- SELECT n, 0.1 + 0.2 = 0.3 AS a, 0.1::DOUBLE + 0.2::DOUBLE = 0.3::DOUBLE AS b, 1.10 = 1.1 AS c, 1e0 = 1 AS d, 9007199254740993 = 9007199254740992::DOUBLE AS e, 0.1 = 0.1::DOUBLE AS f FROM edges WHERE n = 0
SELECT `n`, ((CAST('0.1' AS DECIMAL(2,1)) + CAST('0.2' AS DECIMAL(2,1))) = CAST('0.3' AS DECIMAL(2,1))) AS `a`, ((CAST(CAST('0.1' AS DECIMAL(2,1)) AS DOUBLE) + CAST(CAST('0.2' AS DECIMAL(2,1)) AS DOUBLE)) = CAST(CAST('0.3' AS DECIMAL(2,1)) AS DOUBLE)) AS `b`, (CAST('1.10' AS DECIMAL(3,2)) = CAST('1.1' AS DECIMAL(2,1))) AS `c`, (1E0D = CAST(1 AS DOUBLE)) AS `d`, (CAST(9007199254740993L AS DOUBLE) = CAST(9007199254740992L AS DOUBLE)) AS `e`, (CAST(CAST('0.1' AS DECIMAL(2,1)) AS DOUBLE) = CAST(CAST('0.1' AS DECIMAL(2,1)) AS DOUBLE)) AS `f`
FROM `edges`
WHERE (`n` = 0)

-- SELECT n, big = 9223372036854775807 AS a, big = 9223372036854775807::DOUBLE AS b, big IN (9223372036854775807, 0) AS c, big IN (9223372036854775807, 0.5) AS d, big > 9223372036854775806.5 AS e FROM edges
SELECT `n`, (`big` = 9223372036854775807L) AS `a`, (CAST(`big` AS DOUBLE) = CAST(9223372036854775807L AS DOUBLE)) AS `b`, (`big` IN (9223372036854775807L, 0)) AS `c`, (`big` IN (9223372036854775807L, CAST('0.5' AS DECIMAL(2,1)))) AS `d`, (`big` > CAST('9223372036854775806.5' AS DECIMAL(20,1))) AS `e`
FROM `edges`

-- SELECT n, big IN (9223372036854775806, 5e-1) AS a, n IN (1, 2e0, 3.0) AS b FROM edges
SELECT `n`, (`big` IN (9223372036854775806L, 5E-1D)) AS `a`, (`n` IN (1, 2E0D, CAST('3.0' AS DECIMAL(2,1)))) AS `b`
FROM `edges`

-- SELECT n, x IN (0.5, 1.5) AS a, x = 0.1 AS b, x >= 2.675 AS c, x = 2.675::DECIMAL(4,3) AS d, x <> x AS e, x > 'Infinity'::DOUBLE AS f FROM edges
SELECT `n`, (`x` IN (CAST(CAST('0.5' AS DECIMAL(2,1)) AS DOUBLE), CAST(CAST('1.5' AS DECIMAL(2,1)) AS DOUBLE))) AS `a`, (`x` = CAST(CAST('0.1' AS DECIMAL(2,1)) AS DOUBLE)) AS `b`, (`x` >= CAST(CAST('2.675' AS DECIMAL(4,3)) AS DOUBLE)) AS `c`, (`x` = CAST(CAST(CAST('2.675' AS DECIMAL(4,3)) AS DECIMAL(4,3)) AS DOUBLE)) AS `d`, (`x` <> `x`) AS `e`, (`x` > DOUBLE('Infinity')) AS `f`
FROM `edges`

-- SELECT n, greatest(x, 'NaN'::DOUBLE) AS a, least(x, 'NaN'::DOUBLE) AS b, least(x, dec) AS c, greatest(tiny, big, dec) AS d, least(NULL, NULL, n) AS e FROM edges
SELECT `n`, greatest(`x`, DOUBLE('NaN')) AS `a`, least(`x`, DOUBLE('NaN')) AS `b`, least(`x`, CAST(`dec` AS DOUBLE)) AS `c`, greatest(CAST(`tiny` AS DECIMAL(22,3)), CAST(`big` AS DECIMAL(22,3)), CAST(`dec` AS DECIMAL(22,3))) AS `d`, least(NULL, NULL, `n`) AS `e`
FROM `edges`

-- SELECT max(x) AS a, min(x) AS b, max(- x) AS c, min(- x) AS d, count(DISTINCT x) AS e, count(DISTINCT - x) AS f FROM edges
SELECT max(`x`) AS `a`, min(`x`) AS `b`, max((- `x`)) AS `c`, min((- `x`)) AS `d`, count(DISTINCT `x`) AS `e`, count(DISTINCT (- `x`)) AS `f`
FROM `edges`

-- SELECT median(x) AS a, quantile_cont(x, 0.9) AS b, quantile_disc(x, 0.9) AS c, quantile_disc(x, 0) AS d FROM edges
SELECT percentile(CAST(`x` AS DOUBLE), 0.5D) AS `a`, percentile(CAST(`x` AS DOUBLE), CAST(CAST('0.9' AS DECIMAL(2,1)) AS DOUBLE)) AS `b`, CAST(percentile_disc(CAST(CAST('0.9' AS DECIMAL(2,1)) AS DOUBLE)) WITHIN GROUP (ORDER BY `x`) AS DOUBLE) AS `c`, CAST(percentile_disc(CAST(0 AS DOUBLE)) WITHIN GROUP (ORDER BY `x`) AS DOUBLE) AS `d`
FROM `edges`

-- SELECT avg(x) AS a, sum(x) AS b FROM edges WHERE x > -1e300
SELECT avg(`x`) AS `a`, sum(`x`) AS `b`
FROM `edges`
WHERE (`x` > -1E300D)

-- SELECT stddev(x) AS a FROM edges
SELECT CASE WHEN isnan(stddev_samp(`x`)) THEN raise_error('Lakebook: stddev() is out of range') ELSE stddev_samp(`x`) END AS `a`
FROM `edges`

-- SELECT tiny, stddev(n) AS a, var_samp(n) AS b, var_pop(n) AS c, corr(n, big) AS d FROM edges GROUP BY tiny
SELECT `tiny`, stddev_samp(CAST(`n` AS DOUBLE)) AS `a`, var_samp(CAST(`n` AS DOUBLE)) AS `b`, var_pop(CAST(`n` AS DOUBLE)) AS `c`, CASE WHEN regr_count(CAST(`n` AS DOUBLE), CAST(`big` AS DOUBLE)) > 0 THEN coalesce(corr(CAST(`n` AS DOUBLE), CAST(`big` AS DOUBLE)), DOUBLE('NaN')) END AS `d`
FROM `edges`
GROUP BY `tiny`

-- SELECT tiny, median(n) AS a, median(tiny) AS b, quantile_cont(n, 0.33) AS c, quantile_disc(n, 0.33) AS d FROM edges GROUP BY tiny
SELECT `tiny`, percentile(CAST(`n` AS DOUBLE), 0.5D) AS `a`, percentile(CAST(`tiny` AS DOUBLE), 0.5D) AS `b`, percentile(CAST(`n` AS DOUBLE), CAST(CAST('0.33' AS DECIMAL(3,2)) AS DOUBLE)) AS `c`, CAST(percentile_disc(CAST(CAST('0.33' AS DECIMAL(3,2)) AS DOUBLE)) WITHIN GROUP (ORDER BY `n`) AS INT) AS `d`
FROM `edges`
GROUP BY `tiny`

-- SELECT median(dec) AS a, quantile_cont(dec, 0.25) AS b FROM edges
-- refused: median() of DECIMAL(12,3) at `median` (cast it to DOUBLE)
-- refused: quantile_cont() of DECIMAL(12,3) at `quantile_cont` (cast it to DOUBLE)

-- SELECT n, power(tiny, 0.5) AS a FROM edges WHERE tiny >= 0
SELECT `n`, power(CAST(`tiny` AS DOUBLE), CAST(CAST('0.5' AS DECIMAL(2,1)) AS DOUBLE)) AS `a`
FROM `edges`
WHERE (`tiny` >= 0)

-- SELECT n, power(tiny, -1) AS a, power(0, 0) AS b, power(x, 0) AS c, power(- x, -1) AS d FROM edges
SELECT `n`, power(CAST(`tiny` AS DOUBLE), CAST(-1 AS DOUBLE)) AS `a`, power(CAST(0 AS DOUBLE), CAST(0 AS DOUBLE)) AS `b`, power(`x`, CAST(0 AS DOUBLE)) AS `c`, power((- `x`), CAST(-1 AS DOUBLE)) AS `d`
FROM `edges`

-- SELECT n, atan2(x, - x) AS a, atan2(0, - x) AS b FROM edges
SELECT `n`, CASE WHEN `x` = 0D AND power((- `x`), -1D) < 0D THEN pi() * sign(power(`x`, -1D)) ELSE atan2(`x`, (- `x`)) END AS `a`, CASE WHEN CAST(0 AS DOUBLE) = 0D AND power((- `x`), -1D) < 0D THEN pi() * sign(power(CAST(0 AS DOUBLE), -1D)) ELSE atan2(CAST(0 AS DOUBLE), (- `x`)) END AS `b`
FROM `edges`

-- SELECT n, exp(x) AS a, exp(- x) AS b FROM edges WHERE abs(x) < 700
SELECT `n`, exp(`x`) AS `a`, exp((- `x`)) AS `b`
FROM `edges`
WHERE (abs(`x`) < CAST(700 AS DOUBLE))

-- SELECT n, sqrt(x) AS a, cbrt(- x) AS b, log10(n + 1) AS c, log(n + 1) AS d, radians(x) AS e FROM edges WHERE x >= 0
SELECT `n`, CASE WHEN `x` < 0D THEN raise_error('Lakebook: the square root of a negative number') ELSE sqrt(`x`) END AS `a`, cbrt((- `x`)) AS `b`, CASE WHEN CAST((`n` + 1) AS DOUBLE) <= 0D THEN raise_error('Lakebook: the logarithm of zero or less') ELSE log10(CAST((`n` + 1) AS DOUBLE)) END AS `c`, CASE WHEN CAST((`n` + 1) AS DOUBLE) <= 0D THEN raise_error('Lakebook: the logarithm of zero or less') ELSE log10(CAST((`n` + 1) AS DOUBLE)) END AS `d`, radians(`x`) AS `e`
FROM `edges`
WHERE (`x` >= CAST(0 AS DOUBLE))

-- SELECT n, sin(x) AS a, cos(x) AS b, tan(x) AS c FROM edges WHERE abs(x) < 100
SELECT `n`, CASE WHEN abs(`x`) = DOUBLE('Infinity') THEN raise_error('Lakebook: sin() of infinity') ELSE sin(`x`) END AS `a`, CASE WHEN abs(`x`) = DOUBLE('Infinity') THEN raise_error('Lakebook: cos() of infinity') ELSE cos(`x`) END AS `b`, CASE WHEN abs(`x`) = DOUBLE('Infinity') THEN raise_error('Lakebook: tan() of infinity') ELSE tan(`x`) END AS `c`
FROM `edges`
WHERE (abs(`x`) < CAST(100 AS DOUBLE))

-- SELECT n, isnan(x / 0) AS a, isinf(1 / x) AS b, isfinite(x * 1e308 * 10) AS c, isnan(0 / (x - x)) AS d FROM edges
SELECT `n`, (CASE WHEN (CASE WHEN CAST(0 AS DOUBLE) <> 0D THEN `x` / CAST(0 AS DOUBLE) ELSE `x` * power(CAST(0 AS DOUBLE), -1D) END) IS NULL THEN NULL ELSE isnan((CASE WHEN CAST(0 AS DOUBLE) <> 0D THEN `x` / CAST(0 AS DOUBLE) ELSE `x` * power(CAST(0 AS DOUBLE), -1D) END)) END) AS `a`, (CASE WHEN (CASE WHEN `x` <> 0D THEN CAST(1 AS DOUBLE) / `x` ELSE CAST(1 AS DOUBLE) * power(`x`, -1D) END) IS NULL THEN NULL ELSE abs((CASE WHEN `x` <> 0D THEN CAST(1 AS DOUBLE) / `x` ELSE CAST(1 AS DOUBLE) * power(`x`, -1D) END)) = DOUBLE('Infinity') END) AS `b`, (CASE WHEN ((`x` * 1E308D) * CAST(10 AS DOUBLE)) IS NULL THEN NULL ELSE NOT isnan(((`x` * 1E308D) * CAST(10 AS DOUBLE))) AND abs(((`x` * 1E308D) * CAST(10 AS DOUBLE))) <> DOUBLE('Infinity') END) AS `c`, (CASE WHEN (CASE WHEN (`x` - `x`) <> 0D THEN CAST(0 AS DOUBLE) / (`x` - `x`) ELSE CAST(0 AS DOUBLE) * power((`x` - `x`), -1D) END) IS NULL THEN NULL ELSE isnan((CASE WHEN (`x` - `x`) <> 0D THEN CAST(0 AS DOUBLE) / (`x` - `x`) ELSE CAST(0 AS DOUBLE) * power((`x` - `x`), -1D) END)) END) AS `d`
FROM `edges`

-- SELECT n, x::SMALLINT AS a FROM edges
SELECT `n`, CAST(rint(`x`) AS SMALLINT) AS `a`
FROM `edges`

-- SELECT n, (x * 1000)::TINYINT AS a FROM edges WHERE abs(x) < 3
SELECT `n`, CAST(rint((`x` * CAST(1000 AS DOUBLE))) AS TINYINT) AS `a`
FROM `edges`
WHERE (abs(`x`) < CAST(3 AS DOUBLE))

-- SELECT n, try_cast(x AS TINYINT) AS a, try_cast(x * 100 AS TINYINT) AS b, try_cast(big AS INTEGER) AS c, try_cast(n * 2 AS TINYINT) AS d FROM edges
SELECT `n`, try_cast(rint(`x`) AS TINYINT) AS `a`, try_cast(rint((`x` * CAST(100 AS DOUBLE))) AS TINYINT) AS `b`, try_cast(`big` AS INT) AS `c`, try_cast((`n` * 2) AS TINYINT) AS `d`
FROM `edges`

-- SELECT n, (n > 60)::INTEGER AS a, (n > 60)::TINYINT + 1 AS b, (n % 2)::BOOLEAN AS c, (n > 60)::VARCHAR AS d FROM edges
SELECT `n`, CAST((`n` > 60) AS INT) AS `a`, (CAST((`n` > 60) AS TINYINT) + 1) AS `b`, CAST((`n` % 2) AS BOOLEAN) AS `c`, CAST((`n` > 60) AS STRING) AS `d`
FROM `edges`

-- SELECT n, 5 & 3 AS a, 5 | 3 AS b, xor(5, 3) AS c, n & -8 AS d, tiny & 255 AS e FROM edges
SELECT `n`, CAST(5 & 3 AS INT) AS `a`, CAST(5 | 3 AS INT) AS `b`, CAST(5 ^ 3 AS INT) AS `c`, CAST(`n` & -8 AS INT) AS `d`, CAST(`tiny` & 255 AS INT) AS `e`
FROM `edges`

-- SELECT n, CASE WHEN yes THEN 1 ELSE 2.50 END AS a, coalesce(tiny, big) AS b, coalesce(tiny, dec, 0) AS c, if(yes, n, x) AS d, nullif(dec, 0) AS e, nullif(n, 3.0) AS f FROM edges
SELECT `n`, CASE WHEN `yes` THEN CAST(1 AS DECIMAL(12,2)) ELSE CAST(CAST('2.50' AS DECIMAL(3,2)) AS DECIMAL(12,2)) END AS `a`, coalesce(`tiny`, `big`) AS `b`, coalesce(CAST(`tiny` AS DECIMAL(13,3)), CAST(`dec` AS DECIMAL(13,3)), CAST(0 AS DECIMAL(13,3))) AS `c`, CASE WHEN `yes` THEN CAST(`n` AS DOUBLE) ELSE `x` END AS `d`, CASE WHEN `dec` = 0 THEN NULL ELSE `dec` END AS `e`, CASE WHEN `n` = CAST('3.0' AS DECIMAL(2,1)) THEN NULL ELSE `n` END AS `f`
FROM `edges`

-- SELECT 1 AS a, 1.0 AS b, 1e0 AS c, 1::TINYINT AS d, 10000000000 AS e, 0.10 AS f, -0.5 AS g, 100::DECIMAL(5,1) AS h, true AS i, 1.5::FLOAT AS j
SELECT 1 AS `a`, CAST('1.0' AS DECIMAL(2,1)) AS `b`, 1E0D AS `c`, CAST(1 AS TINYINT) AS `d`, 10000000000L AS `e`, CAST('0.10' AS DECIMAL(3,2)) AS `f`, CAST('-0.5' AS DECIMAL(2,1)) AS `g`, CAST(100 AS DECIMAL(5,1)) AS `h`, TRUE AS `i`, CAST(CAST('1.5' AS DECIMAL(2,1)) AS FLOAT) AS `j`

-- SELECT count(*) * 100.0 / 7 AS a, 100 * count(*) / 7 AS b, round(100.0 * count(*) / 7, 1) AS c, (100.0 * count(*) / 7)::DECIMAL(9,2) AS d, (count(*) / 7)::INTEGER AS e FROM edges
SELECT (CAST((count(*) * CAST('100.0' AS DECIMAL(4,1))) AS DOUBLE) / CAST(7 AS DOUBLE)) AS `a`, (CAST((100 * count(*)) AS DOUBLE) / CAST(7 AS DOUBLE)) AS `b`, if(abs((CAST((CAST('100.0' AS DECIMAL(4,1)) * count(*)) AS DOUBLE) / CAST(7 AS DOUBLE))) < 1E299D, round((CAST((CAST('100.0' AS DECIMAL(4,1)) * count(*)) AS DOUBLE) / CAST(7 AS DOUBLE)) * 1E1D, 0) / 1E1D, (CAST((CAST('100.0' AS DECIMAL(4,1)) * count(*)) AS DOUBLE) / CAST(7 AS DOUBLE))) AS `c`, CAST(CAST(round((CAST((CAST('100.0' AS DECIMAL(4,1)) * count(*)) AS DOUBLE) / CAST(7 AS DOUBLE)) * 1E2D) AS DECIMAL(38,0)) / CAST('100' AS DECIMAL(3,0)) AS DECIMAL(9,2)) AS `d`, CAST(rint((CAST(count(*) AS DOUBLE) / CAST(7 AS DOUBLE))) AS INT) AS `e`
FROM `edges`

-- SELECT tiny, count_if(yes) AS a, count_if(yes AND NULL) AS b, count_if(isnan(x)) AS c, count_if(n > 1000) AS d FROM edges GROUP BY tiny
SELECT `tiny`, sum(CAST(`yes` AS INT)) AS `a`, sum(CAST((`yes` AND CAST(NULL AS BOOLEAN)) AS INT)) AS `b`, sum(CAST((CASE WHEN `x` IS NULL THEN NULL ELSE isnan(`x`) END) AS INT)) AS `c`, sum(CAST((`n` > 1000) AS INT)) AS `d`
FROM `edges`
GROUP BY `tiny`

-- SELECT count_if(yes) AS a, count_if(yes) FILTER (WHERE n < 0) AS b FROM edges WHERE n > 1000
SELECT sum(CAST(`yes` AS INT)) AS `a`, sum(CAST(`yes` AS INT)) FILTER (WHERE (`n` < 0)) AS `b`
FROM `edges`
WHERE (`n` > 1000)

-- SELECT yes, string_agg(word, ',' ORDER BY n) AS a, count(DISTINCT tiny) AS b, count(DISTINCT word) AS c FROM edges GROUP BY yes
-- refused: string_agg(...) beside DISTINCT at `string_agg` (compute one of them in a subquery)
