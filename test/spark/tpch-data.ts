/*
 * The tables of TPC-H at about a thousandth of its scale 1, made by numbers alone, so that each of its queries finds rows.
 */

const pick = (list: readonly string[], by: string): string =>
  `([${list.map((item) => `'${item}'`).join(", ")}])[1 + (${by}) % ${String(list.length)}]`;
const nations =
  `ALGERIA ARGENTINA BRAZIL CANADA EGYPT ETHIOPIA FRANCE GERMANY INDIA INDONESIA IRAN IRAQ JAPAN JORDAN KENYA
  MOROCCO MOZAMBIQUE PERU CHINA ROMANIA SAUDI-ARABIA VIETNAM RUSSIA UNITED-KINGDOM UNITED-STATES`
    .split(/\s+/)
    .map((name) => name.replace("-", " "));
const regionOfNation = [0, 1, 1, 1, 4, 0, 3, 3, 2, 2, 4, 4, 2, 4, 0, 0, 0, 1, 2, 3, 4, 2, 3, 3, 1];
const segments = ["AUTOMOBILE", "BUILDING", "FURNITURE", "MACHINERY", "HOUSEHOLD"];
const priorities = ["1-URGENT", "2-HIGH", "3-MEDIUM", "4-NOT SPECIFIED", "5-LOW"];
const modes = ["REG AIR", "AIR", "RAIL", "SHIP", "TRUCK", "MAIL", "FOB"];
const instructions = ["DELIVER IN PERSON", "COLLECT COD", "NONE", "TAKE BACK RETURN"];
const colours = ["green", "forest", "almond", "blue", "ivory"];

export const tpchTables: Readonly<Record<string, string>> = {
  region: `SELECT i::INTEGER AS r_regionkey, ${pick(["AFRICA", "AMERICA", "ASIA", "EUROPE", "MIDDLE EAST"], "i")} AS r_name,
    'region ' || i AS r_comment FROM range(5) t(i)`,
  nation: `SELECT i::INTEGER AS n_nationkey, ${pick(nations, "i")} AS n_name,
    ([${regionOfNation.join(", ")}])[1 + i]::INTEGER AS n_regionkey, 'nation ' || i AS n_comment FROM range(25) t(i)`,
  supplier: `SELECT i::BIGINT AS s_suppkey, 'Supplier#' || lpad(i::VARCHAR, 9, '0') AS s_name, 'address ' || i AS s_address,
    (i * 7 % 25)::INTEGER AS s_nationkey, (10 + i * 3 % 25) || '-555-' || lpad(i::VARCHAR, 4, '0') AS s_phone,
    ((i * 7919 % 1100000) / 100 - 999)::DECIMAL(15,2) AS s_acctbal,
    CASE WHEN i % 11 = 0 THEN 'wake Customer slow Complaints' ELSE 'furiously even' END AS s_comment FROM range(1, 61) t(i)`,
  part: `SELECT i::BIGINT AS p_partkey, ${pick(colours, "i")} || ' ' || ${pick(["lace", "navy", "rose"], "i * 5")} AS p_name,
    'Manufacturer#' || (1 + i % 5) AS p_mfgr, 'Brand#' || (1 + i % 5) || (1 + i * 3 % 5) AS p_brand,
    ${pick(["STANDARD", "SMALL", "MEDIUM", "LARGE", "ECONOMY", "PROMO"], "i")} || ' ' || ${pick(["ANODIZED", "BURNISHED", "PLATED", "POLISHED"], "i * 3")} || ' ' || ${pick(["TIN", "NICKEL", "BRASS", "STEEL", "COPPER"], "i * 7")} AS p_type,
    (1 + i * 13 % 50)::INTEGER AS p_size, ${pick(["SM", "MED", "LG", "JUMBO", "WRAP"], "i * 3")} || ' ' || ${pick(["CASE", "BOX", "BAG", "PKG", "PACK", "DRUM"], "i")} AS p_container,
    (900 + i % 200 + (i % 100) / 100.0)::DECIMAL(15,2) AS p_retailprice, 'part' AS p_comment FROM range(1, 401) t(i)`,
  partsupp: `SELECT p::BIGINT AS ps_partkey, (1 + (p * 3 + s * 17) % 60)::BIGINT AS ps_suppkey, (1 + (p * 31 + s * 7) % 9999)::BIGINT AS ps_availqty,
    ((p * 37 + s * 101) % 100000 / 100.0)::DECIMAL(15,2) AS ps_supplycost, 'ps' AS ps_comment FROM range(1, 401) a(p), range(4) b(s)`,
  customer: `SELECT i::BIGINT AS c_custkey, 'Customer#' || lpad(i::VARCHAR, 9, '0') AS c_name, 'street ' || i AS c_address, (i * 11 % 25)::INTEGER AS c_nationkey,
    (10 + i % 25) || '-555-' || lpad(i::VARCHAR, 4, '0') AS c_phone, ((i * 7907 % 1100000) / 100 - 999)::DECIMAL(15,2) AS c_acctbal,
    ${pick(segments, "i")} AS c_mktsegment, 'customer' AS c_comment FROM range(1, 301) t(i)`,
  orders: `SELECT i::BIGINT AS o_orderkey, (1 + i * 13 % 200)::BIGINT AS o_custkey, ${pick(["F", "O", "P"], "i")} AS o_orderstatus,
    ((i * 7919 % 40000000) / 100.0 + 1000)::DECIMAL(15,2) AS o_totalprice, DATE '1992-01-01' + (i * 37 % 2400)::INTEGER AS o_orderdate,
    ${pick(priorities, "i")} AS o_orderpriority, 'Clerk#' || (i % 10) AS o_clerk, 0::INTEGER AS o_shippriority,
    CASE WHEN i % 7 = 0 THEN 'special packages requests' ELSE 'carefully' END AS o_comment FROM range(1, 3001) t(i)`,
  lineitem: `SELECT o::BIGINT AS l_orderkey, p::BIGINT AS l_partkey, (1 + (p * 3 + l % 4 * 17) % 60)::BIGINT AS l_suppkey, l::BIGINT AS l_linenumber,
    CASE WHEN o % 97 = 0 THEN 50 + l ELSE 1 + (o * 7 + l * 3) % 50 END::DECIMAL(15,2) AS l_quantity, ((o * 911 + l * 13) % 9000000 / 100.0 + 900)::DECIMAL(15,2) AS l_extendedprice,
    ((o + l) % 11 / 100.0)::DECIMAL(15,2) AS l_discount, ((o * 3 + l) % 9 / 100.0)::DECIMAL(15,2) AS l_tax, ${pick(["R", "A", "N"], "o + l")} AS l_returnflag,
    ${pick(["O", "F"], "o * 3 + l")} AS l_linestatus, d + (1 + (o + l * 5) % 120)::INTEGER AS l_shipdate, d + (30 + (o * 3 + l) % 60)::INTEGER AS l_commitdate,
    d + (2 + (o * 7 + l * 3) % 140)::INTEGER AS l_receiptdate, ${pick(instructions, "o + l")} AS l_shipinstruct, ${pick(modes, "o * 3 + l")} AS l_shipmode, 'line' AS l_comment
    FROM (SELECT o, l, 1 + (o * 17 + l * 29) % 400 AS p, DATE '1992-01-01' + (o * 37 % 2400)::INTEGER AS d FROM range(1, 3001) a(o), range(1, 6) b(l) WHERE l <= 1 + o % 5)`,
};
