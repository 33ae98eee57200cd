import type { DuckDBConnection } from "@duckdb/node-api";

/** Rows with NULLs, ties, empty texts, quotes, Unicode, and times before 1970. */
export const tables: Readonly<Record<string, string>> = {
  orders: `SELECT id::BIGINT AS id, (id * 7 % 23)::INTEGER AS customer,
    CASE WHEN id % 11 = 0 THEN NULL ELSE ['BCN', 'MAD', 'LIS', 'PAR', 'rom'][1 + (id * 5 % 5)::INT] END AS city,
    CASE WHEN id % 17 = 0 THEN NULL ELSE ((id * 37 % 10007) / 100.0 - 20)::DECIMAL(10,2) END AS amount,
    CASE WHEN id % 13 = 0 THEN NULL ELSE (id * 31 % 97) / 7.0::DOUBLE - 3 END AS ratio,
    (id % 9 - 2)::INTEGER AS qty,
    TIMESTAMP '2020-01-30 22:15:30.250' + INTERVAL (id * 7919) MINUTE + INTERVAL (id * 333) MILLISECOND AS ts,
    (TIMESTAMP '2020-01-30 22:15:30' + INTERVAL (id * 7919) MINUTE)::TIMESTAMPTZ AS tstz,
    CASE WHEN id % 19 = 0 THEN NULL ELSE DATE '2019-12-28' + (id * 3 % 900)::INT END AS d,
    ['new', 'paid', 'sent', 'DONE'][1 + (id % 4)] AS status,
    CASE WHEN id % 7 = 0 THEN NULL WHEN id % 7 = 1 THEN []
      ELSE list_transform(range(id % 4 + 1), lambda k: 'T' || ((id * k) % 5)) END::VARCHAR[] AS tags,
    {'sku': 'S' || (id % 6), 'price': (id % 50) / 4.0::DOUBLE} AS item,
    MAP {'w': (id % 5)::INT, 'h': (id % 3)::INT} AS attrs,
    CASE id % 8 WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN 'It''s "x"\\n' WHEN 3 THEN 'ñandú Ünïcode'
      WHEN 4 THEN ' lead trail ' WHEN 5 THEN 'a,b;c' WHEN 6 THEN '2021-03-' || (10 + id % 18)
      ELSE 'Order-' || id || ' (v1.' || id % 3 || ')' END AS note,
    CASE WHEN id % 6 = 0 THEN NULL ELSE id % 2 = 0 END AS flag
    FROM range(1, 401) t(id)`,
  cities: `SELECT * FROM (VALUES ('BCN', 'ES', 1600000::BIGINT, DATE '2015-03-01', 41.39::DOUBLE),
    ('MAD', 'ES', 3200000, DATE '2015-06-15', 40.42), ('LIS', 'PT', 545000, NULL, 38.72),
    ('BER', 'DE', 3700000, DATE '2019-02-28', 52.52), (NULL, 'XX', NULL, NULL, NULL)) t(city, country, pop, opened, lat)`,
  events: `SELECT (n % 37)::INTEGER AS uid, TIMESTAMP '2021-03-01 00:00:00' + INTERVAL (n * 617 % 40000) SECOND AS moment,
    ['view', 'cart', 'buy'][1 + (n % 3)] AS kind, CASE WHEN n % 10 = 0 THEN NULL ELSE (n % 25) * 1.5::DOUBLE END AS value
    FROM range(600) t(n)`,
  edges: `SELECT n::INTEGER AS n,
    ['', ' ', 'straße ŉ ﬁ', 'ΟΔΟΣ ΣΑΣ', 'İstanbul I ı', E'tab\\tline\\nend', 'a\\b%_', chr(160) || 'x' || chr(8195), 'e' || chr(769) || 'x',
      '😀 smile', 'ABC abc', NULL, '$1 {x} ''q''', 'a.b|c*d', '0012', '-7', '12.50', '1e3', E'a\\r\\nb', 'ǆ Ǆ ß'][1 + (n % 20)] AS word,
    [0, -0.0, 0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 1e15, -1e15, 0.1, 'NaN', 'Infinity', '-Infinity', NULL, 2.675, 1.005, 123456789.987654321, 1e-9, 4503599627370497.5][1 + (n % 20)]::DOUBLE AS x,
    [0, 1, -1, 7, -7, 127, -128, 9223372036854775807, -9223372036854775807, NULL][1 + (n % 10)]::BIGINT AS big,
    [0, 1, -1, 7, -7, 127, -128, NULL][1 + (n % 8)]::TINYINT AS tiny,
    [0, 0.005, -0.005, 0.015, 1.115, -1.115, 99999999.994, NULL, 12.345, -0.5][1 + (n % 10)]::DECIMAL(12,3) AS dec,
    [0.00000001, 0, -0.00000001, 1234.56789012, NULL][1 + (n % 5)]::DECIMAL(18,8) AS fine,
    [TIMESTAMP '1969-12-31 23:59:59.999999', TIMESTAMP '1970-01-01 00:00:00', TIMESTAMP '1900-02-28 12:30:45.5', TIMESTAMP '1582-10-10 01:02:03',
      TIMESTAMP '2020-02-29 23:59:59.999', TIMESTAMP '2021-03-28 02:30:00', TIMESTAMP '2021-10-31 02:30:00', TIMESTAMP '0099-05-06 07:08:09', TIMESTAMP '9999-12-31 00:00:00', NULL][1 + (n % 10)] AS t,
    [TIMESTAMP '1969-12-31 23:59:59.999999', TIMESTAMP '2021-03-28 00:30:00', TIMESTAMP '2021-03-28 01:30:00', TIMESTAMP '2021-10-31 00:30:00', TIMESTAMP '2021-10-31 01:30:00',
      TIMESTAMP '1940-03-16 22:30:00', TIMESTAMP '1901-01-01 00:00:00', NULL][1 + (n % 8)]::TIMESTAMPTZ AS z,
    [DATE '1969-12-31', DATE '1970-01-01', DATE '1900-02-28', DATE '2020-02-29', DATE '2021-01-03', DATE '2020-12-31', DATE '0099-05-06', NULL][1 + (n % 8)] AS day,
    [NULL, [], [NULL], ['a', NULL, 'b'], ['b', 'a', 'a'], ['']][1 + (n % 6)]::VARCHAR[] AS words,
    [NULL, [], [NULL], [3, NULL, 1], [2, 2, -5]][1 + (n % 5)]::INTEGER[] AS nums,
    CASE n % 3 WHEN 0 THEN true WHEN 1 THEN false END AS yes
    FROM range(0, 120) t(n)`,
};

export async function makeTables(
  connection: DuckDBConnection,
  wanted: Readonly<Record<string, string>> = tables,
): Promise<void> {
  await connection.run("SET TimeZone = 'UTC'");
  for (const [name, query] of Object.entries(wanted))
    await connection.run(`CREATE TABLE ${name} AS ${query}`);
}
