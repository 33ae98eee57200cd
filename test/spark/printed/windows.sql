-- SELECT id, row_number() OVER (PARTITION BY city ORDER BY amount DESC, id) AS rn FROM orders
SELECT `id`, row_number() OVER (PARTITION BY `city` ORDER BY `amount` DESC NULLS LAST, `id` ASC NULLS LAST) AS `rn`
FROM `orders`

-- SELECT id, sum(qty) OVER (PARTITION BY customer ORDER BY id) AS running FROM orders
SELECT `id`, sum(`qty`) OVER (PARTITION BY `customer` ORDER BY `id` ASC NULLS LAST) AS `running`
FROM `orders`

-- SELECT id, sum(amount) OVER (PARTITION BY customer ORDER BY id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS r3 FROM orders
SELECT `id`, sum(`amount`) OVER (PARTITION BY `customer` ORDER BY `id` ASC NULLS LAST ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS `r3`
FROM `orders`

-- SELECT id, lag(qty) OVER w AS prev, lead(qty, 2, -1) OVER w AS next2 FROM orders WINDOW w AS (PARTITION BY customer ORDER BY id)
SELECT `id`, lag(`qty`, 1) OVER (PARTITION BY `customer` ORDER BY `id` ASC NULLS LAST) AS `prev`, lead(`qty`, 2, -1) OVER (PARTITION BY `customer` ORDER BY `id` ASC NULLS LAST) AS `next2`
FROM `orders`

-- SELECT id, first_value(status) OVER w AS f, last_value(status) OVER w AS l FROM orders WINDOW w AS (PARTITION BY customer ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
SELECT `id`, first_value(`status`) OVER (PARTITION BY `customer` ORDER BY `id` ASC NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS `f`, last_value(`status`) OVER (PARTITION BY `customer` ORDER BY `id` ASC NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS `l`
FROM `orders`

-- SELECT id, rank() OVER (ORDER BY qty) AS r, dense_rank() OVER (ORDER BY qty) AS dr, percent_rank() OVER (ORDER BY qty) AS pr, cume_dist() OVER (ORDER BY qty) AS cd FROM orders
SELECT `id`, rank() OVER (ORDER BY `qty` ASC NULLS LAST) AS `r`, dense_rank() OVER (ORDER BY `qty` ASC NULLS LAST) AS `dr`, percent_rank() OVER (ORDER BY `qty` ASC NULLS LAST) AS `pr`, cume_dist() OVER (ORDER BY `qty` ASC NULLS LAST) AS `cd`
FROM `orders`

-- SELECT id, ntile(4) OVER (ORDER BY id) AS q FROM orders
SELECT `id`, ntile(4) OVER (ORDER BY `id` ASC NULLS LAST) AS `q`
FROM `orders`

-- SELECT * FROM orders QUALIFY row_number() OVER (PARTITION BY city ORDER BY ts DESC) = 1
SELECT *
FROM `orders`
QUALIFY (row_number() OVER (PARTITION BY `city` ORDER BY `ts` DESC NULLS LAST) = 1)

-- SELECT id, city FROM orders QUALIFY row_number() OVER (PARTITION BY city ORDER BY amount DESC NULLS LAST, id) <= 2 ORDER BY city, id LIMIT 5
SELECT `id`, `city`
FROM `orders`
QUALIFY (row_number() OVER (PARTITION BY `city` ORDER BY `amount` DESC NULLS LAST, `id` ASC NULLS LAST) <= 2)
ORDER BY `city` ASC NULLS LAST, `id` ASC NULLS LAST
LIMIT 5

-- SELECT id, lag(amount IGNORE NULLS) OVER (ORDER BY id) AS prev FROM orders
SELECT `id`, lag(`amount`, 1) IGNORE NULLS OVER (ORDER BY `id` ASC NULLS LAST) AS `prev`
FROM `orders`

-- SELECT id, avg(ratio) OVER (ORDER BY ts RANGE BETWEEN INTERVAL 10 DAY PRECEDING AND CURRENT ROW) AS m FROM orders
SELECT `id`, avg(`ratio`) OVER (ORDER BY `ts` ASC NULLS LAST RANGE BETWEEN INTERVAL '10 00:00:00' DAY TO SECOND PRECEDING AND CURRENT ROW) AS `m`
FROM `orders`

-- SELECT id, nth_value(status, 2) OVER (PARTITION BY customer ORDER BY id) AS s FROM orders
SELECT `id`, nth_value(`status`, 2) OVER (PARTITION BY `customer` ORDER BY `id` ASC NULLS LAST) AS `s`
FROM `orders`

-- SELECT id, amount - avg(amount) OVER (PARTITION BY city) AS diff FROM orders
SELECT `id`, (CAST(`amount` AS DOUBLE) - (CAST(sum(`amount`) OVER (PARTITION BY `city`) AS DOUBLE) / nullif(count(`amount`) OVER (PARTITION BY `city`), 0))) AS `diff`
FROM `orders`

-- SELECT city, sum(amount) AS s, rank() OVER (ORDER BY sum(amount) DESC) AS r FROM orders GROUP BY city
SELECT `city`, sum(`amount`) AS `s`, rank() OVER (ORDER BY sum(`amount`) DESC NULLS LAST) AS `r`
FROM `orders`
GROUP BY `city`

-- SELECT id, count(*) OVER (PARTITION BY city) AS n, count(DISTINCT status) OVER (PARTITION BY city) AS k FROM orders
-- refused: count(DISTINCT ...) as a window function at `count`

-- SELECT uid, moment, sum(new) OVER (PARTITION BY uid ORDER BY moment) AS session FROM (SELECT uid, moment, CASE WHEN moment - lag(moment) OVER (PARTITION BY uid ORDER BY moment) > INTERVAL 30 MINUTE THEN 1 ELSE 0 END AS new FROM events)
SELECT `uid`, `moment`, sum(`new`) OVER (PARTITION BY `uid` ORDER BY `moment` ASC NULLS LAST) AS `session`
FROM (SELECT `uid`, `moment`, CASE WHEN ((`moment` - lag(`moment`, 1) OVER (PARTITION BY `uid` ORDER BY `moment` ASC NULLS LAST)) > INTERVAL '30' MINUTE) THEN 1 ELSE 0 END AS `new`
FROM `events`)
