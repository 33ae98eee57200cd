-- SELECT city, count(*) AS n, sum(amount) AS total, avg(amount) AS mean, min(ts) AS first, max(ts) AS last FROM orders GROUP BY city
SELECT `city`, count(*) AS `n`, sum(`amount`) AS `total`, (CAST(sum(`amount`) AS DOUBLE) / nullif(count(`amount`), 0)) AS `mean`, min(`ts`) AS `first`, max(`ts`) AS `last`
FROM `orders`
GROUP BY `city`

-- SELECT status, sum(qty) AS q, avg(qty) AS a, count(DISTINCT customer) AS customers FROM orders GROUP BY ALL ORDER BY ALL
SELECT `status`, sum(`qty`) AS `q`, (CAST(sum(`qty`) AS DOUBLE) / nullif(count(`qty`), 0)) AS `a`, count(DISTINCT `customer`) AS `customers`
FROM `orders`
GROUP BY `status`
ORDER BY ALL ASC NULLS LAST

-- SELECT count(*) FILTER (WHERE flag) AS t, count(*) FILTER (NOT flag) AS f, count(flag) AS known FROM orders
SELECT count(*) FILTER (WHERE `flag`) AS `t`, count(*) FILTER (WHERE (NOT `flag`)) AS `f`, count(`flag`) AS `known`
FROM `orders`

-- SELECT city, sum(amount) FILTER (WHERE status = 'paid') AS paid FROM orders GROUP BY city HAVING count(*) > 20 ORDER BY paid DESC
SELECT `city`, sum(`amount`) FILTER (WHERE (`status` = 'paid')) AS `paid`
FROM `orders`
GROUP BY `city`
HAVING (count(*) > 20)
ORDER BY `paid` DESC NULLS LAST

-- SELECT median(ratio) AS m, quantile_cont(ratio, 0.9) AS p90, quantile_disc(qty, 0.25) AS q1 FROM orders
SELECT percentile(CAST(`ratio` AS DOUBLE), 0.5D) AS `m`, percentile(CAST(`ratio` AS DOUBLE), CAST(CAST('0.9' AS DECIMAL(2,1)) AS DOUBLE)) AS `p90`, CAST(percentile_disc(CAST(CAST('0.25' AS DECIMAL(3,2)) AS DOUBLE)) WITHIN GROUP (ORDER BY `qty`) AS INT) AS `q1`
FROM `orders`

-- SELECT stddev(ratio) AS s, stddev_pop(ratio) AS sp, variance(qty) AS v, var_pop(qty) AS vp, corr(qty, ratio) AS c FROM orders
SELECT CASE WHEN isnan(stddev_samp(`ratio`)) THEN raise_error('Lakebook: stddev() is out of range') ELSE stddev_samp(`ratio`) END AS `s`, CASE WHEN isnan(stddev_pop(`ratio`)) THEN raise_error('Lakebook: stddev_pop() is out of range') ELSE stddev_pop(`ratio`) END AS `sp`, var_samp(CAST(`qty` AS DOUBLE)) AS `v`, var_pop(CAST(`qty` AS DOUBLE)) AS `vp`, CASE WHEN regr_count(CAST(`qty` AS DOUBLE), `ratio`) > 0 THEN coalesce(corr(CAST(`qty` AS DOUBLE), `ratio`), DOUBLE('NaN')) END AS `c`
FROM `orders`

-- SELECT city, arg_max(id, amount) AS best, arg_min(id, amount) AS worst FROM orders WHERE amount IS NOT NULL GROUP BY city
SELECT `city`, max_by(`id`, `amount`) FILTER (WHERE `id` IS NOT NULL) AS `best`, min_by(`id`, `amount`) FILTER (WHERE `id` IS NOT NULL) AS `worst`
FROM `orders`
WHERE (`amount` IS NOT NULL)
GROUP BY `city`

-- SELECT customer, arg_max(note, (ts, id)) AS last_note FROM orders GROUP BY customer
SELECT `customer`, max_by(`note`, struct(`ts` IS NULL, `ts`, `id` IS NULL, `id`)) FILTER (WHERE `note` IS NOT NULL) AS `last_note`
FROM `orders`
GROUP BY `customer`

-- SELECT customer, max_by(status, id) AS s, min_by(status, id) AS f FROM orders GROUP BY customer
SELECT `customer`, max_by(`status`, `id`) FILTER (WHERE `status` IS NOT NULL) AS `s`, min_by(`status`, `id`) FILTER (WHERE `status` IS NOT NULL) AS `f`
FROM `orders`
GROUP BY `customer`

-- SELECT city, string_agg(DISTINCT status, ', ' ORDER BY status) AS st FROM orders GROUP BY city
SELECT `city`, listagg(DISTINCT `status`, ', ') WITHIN GROUP (ORDER BY `status` ASC NULLS LAST) AS `st`
FROM `orders`
GROUP BY `city`

-- SELECT customer, string_agg(status, '|' ORDER BY id DESC) AS st FROM orders GROUP BY customer
SELECT `customer`, listagg(`status`, '|') WITHIN GROUP (ORDER BY `id` DESC NULLS LAST) AS `st`
FROM `orders`
GROUP BY `customer`

-- SELECT customer, list(id ORDER BY id) AS ids FROM orders GROUP BY customer
SELECT `customer`, (CASE WHEN count(*) = 0 THEN NULL ELSE transform(array_sort(collect_list(named_struct('v', `id`, 'k0', `id`)), (a, b) -> CASE WHEN a.k0 IS NULL AND b.k0 IS NOT NULL THEN 1 WHEN b.k0 IS NULL AND a.k0 IS NOT NULL THEN -1 WHEN a.k0 < b.k0 THEN -1 WHEN a.k0 > b.k0 THEN 1 ELSE 0 END), e -> e.v) END) AS `ids`
FROM `orders`
GROUP BY `customer`

-- SELECT customer, array_agg(ratio ORDER BY id DESC) AS r FROM orders GROUP BY customer
SELECT `customer`, (CASE WHEN count(*) = 0 THEN NULL ELSE transform(array_sort(collect_list(named_struct('v', `ratio`, 'k0', `id`)), (a, b) -> CASE WHEN a.k0 IS NULL AND b.k0 IS NOT NULL THEN 1 WHEN b.k0 IS NULL AND a.k0 IS NOT NULL THEN -1 WHEN a.k0 > b.k0 THEN -1 WHEN a.k0 < b.k0 THEN 1 ELSE 0 END), e -> e.v) END) AS `r`
FROM `orders`
GROUP BY `customer`

-- SELECT city, list(DISTINCT status ORDER BY status) AS st FROM orders GROUP BY city
SELECT `city`, (CASE WHEN count(*) = 0 THEN NULL ELSE transform(array_sort(collect_set(named_struct('v', `status`, 'k0', `status`)), (a, b) -> CASE WHEN a.k0 IS NULL AND b.k0 IS NOT NULL THEN 1 WHEN b.k0 IS NULL AND a.k0 IS NOT NULL THEN -1 WHEN a.k0 < b.k0 THEN -1 WHEN a.k0 > b.k0 THEN 1 ELSE 0 END), e -> e.v) END) AS `st`
FROM `orders`
GROUP BY `city`

-- SELECT city, bool_and(flag) AS every, bool_or(flag) AS any FROM orders GROUP BY city
SELECT `city`, bool_and(`flag`) AS `every`, bool_or(`flag`) AS `any`
FROM `orders`
GROUP BY `city`

-- SELECT city, first(status ORDER BY id) AS f, last(status ORDER BY id) AS l FROM orders GROUP BY city
SELECT `city`, min_by(`status`, struct(`id` IS NULL, `id`)) AS `f`, max_by(`status`, struct(`id` IS NULL, `id`)) AS `l`
FROM `orders`
GROUP BY `city`

-- SELECT any_value(city ORDER BY id) AS c FROM orders
SELECT min_by(`city`, struct(`id` IS NULL, `id`)) FILTER (WHERE `city` IS NOT NULL) AS `c`
FROM `orders`

-- SELECT mode(status) AS m FROM orders WHERE id < 6
-- refused: mode() at `mode` (which of several is the most frequent differs: count and rank)

-- SELECT approx_count_distinct(customer) > 15 AS ok FROM orders
-- refused: approx_count_distinct() at `approx_count_distinct` (use count(DISTINCT x))

-- SELECT city, status, sum(qty) AS q FROM orders GROUP BY ROLLUP (city, status)
SELECT `city`, `status`, sum(`qty`) AS `q`
FROM `orders`
GROUP BY GROUPING SETS ((), (`city`), (`city`, `status`))

-- SELECT city, status, sum(qty) AS q, grouping(city) AS g FROM orders GROUP BY CUBE (city, status)
SELECT `city`, `status`, sum(`qty`) AS `q`, CAST(grouping(`city`) AS BIGINT) AS `g`
FROM `orders`
GROUP BY GROUPING SETS ((), (`city`), (`city`, `status`), (`status`))

-- SELECT city, status, count(*) AS n FROM orders GROUP BY GROUPING SETS ((city), (status), ())
SELECT `city`, `status`, count(*) AS `n`
FROM `orders`
GROUP BY GROUPING SETS ((`city`), (`status`), ())

-- SELECT sum(flag::INT) AS n, sum(CASE WHEN flag THEN 1 ELSE 0 END) AS m FROM orders
SELECT sum(CAST(`flag` AS INT)) AS `n`, sum(CASE WHEN `flag` THEN 1 ELSE 0 END) AS `m`
FROM `orders`

-- SELECT count_if(qty > 3) AS big, sum(qty > 3) AS big2 FROM orders
SELECT sum(CAST((`qty` > 3) AS INT)) AS `big`, sum(CAST((`qty` > 3) AS INT)) AS `big2`
FROM `orders`

-- SELECT sum(id) AS s, sum(ratio) AS r, sum(amount * qty) AS w FROM orders
SELECT sum(`id`) AS `s`, sum(`ratio`) AS `r`, sum((`amount` * `qty`)) AS `w`
FROM `orders`

-- SELECT product(qty) AS p FROM orders WHERE id < 8
-- refused: product() at `product`

-- SELECT max(city) AS a, min(note) AS b, max(flag) AS c FROM orders
SELECT max(`city`) AS `a`, min(`note`) AS `b`, max(`flag`) AS `c`
FROM `orders`

-- SELECT city, count(*) AS n, round(100.0 * count(*) / sum(count(*)) OVER (), 2) AS pct FROM orders GROUP BY city
SELECT `city`, count(*) AS `n`, if(abs((CASE WHEN CAST(sum(count(*)) OVER () AS DOUBLE) <> 0D THEN CAST((CAST('100.0' AS DECIMAL(4,1)) * count(*)) AS DOUBLE) / CAST(sum(count(*)) OVER () AS DOUBLE) ELSE CAST((CAST('100.0' AS DECIMAL(4,1)) * count(*)) AS DOUBLE) * power(CAST(sum(count(*)) OVER () AS DOUBLE), -1D) END)) < 1E298D, round((CASE WHEN CAST(sum(count(*)) OVER () AS DOUBLE) <> 0D THEN CAST((CAST('100.0' AS DECIMAL(4,1)) * count(*)) AS DOUBLE) / CAST(sum(count(*)) OVER () AS DOUBLE) ELSE CAST((CAST('100.0' AS DECIMAL(4,1)) * count(*)) AS DOUBLE) * power(CAST(sum(count(*)) OVER () AS DOUBLE), -1D) END) * 1E2D, 0) / 1E2D, (CASE WHEN CAST(sum(count(*)) OVER () AS DOUBLE) <> 0D THEN CAST((CAST('100.0' AS DECIMAL(4,1)) * count(*)) AS DOUBLE) / CAST(sum(count(*)) OVER () AS DOUBLE) ELSE CAST((CAST('100.0' AS DECIMAL(4,1)) * count(*)) AS DOUBLE) * power(CAST(sum(count(*)) OVER () AS DOUBLE), -1D) END)) AS `pct`
FROM `orders`
GROUP BY `city`

-- SELECT histogram(status) AS h FROM orders
-- refused: histogram() at `histogram` (use GROUP BY and count(*))

-- SELECT avg(amount)::DECIMAL(12,2) AS a, round(avg(ratio), 3) AS b FROM orders
SELECT CAST(CAST(round((CAST(sum(`amount`) AS DOUBLE) / nullif(count(`amount`), 0)) * 1E2D) AS DECIMAL(38,0)) / CAST('100' AS DECIMAL(3,0)) AS DECIMAL(12,2)) AS `a`, if(abs(avg(`ratio`)) < 1E297D, round(avg(`ratio`) * 1E3D, 0) / 1E3D, avg(`ratio`)) AS `b`
FROM `orders`
