/*
 * What is known of DuckDB's functions. Table functions are allowed by name, so that a new one is refused until
 * somebody has looked at it. Scalar functions are refused by name; a test asks the installed DuckDB for all of its
 * functions and fails where one was never looked at.
 */

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

/** Table functions whose first argument is a path or a list of paths. */
export const fileReaders: ReadonlySet<string> = new Set(
  words(`
    read_csv read_csv_auto read_parquet parquet_scan
    read_json read_json_auto read_json_objects read_json_objects_auto
    read_ndjson read_ndjson_auto read_ndjson_objects`),
);

/** Table functions that tell of files, or give them as they are; their arguments are as those of a reader. */
export const fileInspectors: ReadonlySet<string> = new Set(
  words(`
    read_text read_blob glob sniff_csv
    parquet_metadata parquet_schema parquet_file_metadata parquet_kv_metadata`),
);

/** Table functions that see nothing but their arguments, and the time. */
export const pureTableFunctions: ReadonlySet<string> = new Set(
  words(`
    range generate_series unnest repeat repeat_row json_each json_tree pg_timezone_names
    icu_calendar_names test_all_types test_vector_types`),
);

/** Table functions whose first argument is the name of a table. */
export const tableReaders: ReadonlySet<string> = new Set(["histogram_values"]);

/** Settings that say how a query is computed and nothing of the machine; in lower case. */
export const harmlessSettings: ReadonlySet<string> = new Set(
  words(`
    timezone calendar default_collation default_null_order default_order integer_division
    ieee_floating_point_ops order_by_non_integer_literal old_implicit_casting`),
);

/** Options of readers that make tables, turn to keys, or name other things than the file that is read. */
export const deniedReaderOptions: ReadonlySet<string> = new Set(
  words("store_rejects rejects_table rejects_scan rejects_limit encryption_config debug_use_openssl"),
);

/** Options with which a reader may leave out rows of the file. */
export const droppingReaderOptions: ReadonlySet<string> = new Set(words("ignore_errors skip comment"));

/** Table functions, most of them of extensions, that read from another database. */
export const databaseFunctions: ReadonlyMap<string, "postgres" | "mysql" | "sqlite" | "duckdb" | "other"> =
  new Map([
    ...words("postgres_scan postgres_scan_pushdown postgres_query postgres_execute postgres_attach").map(
      (name) => [name, "postgres"] as const,
    ),
    ...words("mysql_scan mysql_query mysql_execute mysql_attach").map((name) => [name, "mysql"] as const),
    ...words("sqlite_scan sqlite_query sqlite_attach").map((name) => [name, "sqlite"] as const),
    ["read_duckdb", "duckdb"],
    ...words("odbc_scan odbc_query mssql_scan mongo_scan bigquery_scan bigquery_query snowflake_scan").map(
      (name) => [name, "other"] as const,
    ),
  ]);

export type DenialReason = "state" | "waits" | "catalog" | "internal" | "table-function";

/** Functions that no expression may call, and why. */
export const deniedFunctions: ReadonlyMap<string, DenialReason> = new Map([
  ...reasons(
    "state",
    `nextval currval setseed getvariable getenv current_setting set_config write_log
     current_connection_id current_query current_query_id current_transaction_id`,
  ),
  ...reasons("waits", "sleep_ms pg_sleep"),
  // Macros over system tables, and what parses or plans SQL given as text.
  ...reasons(
    "catalog",
    `format_type get_block_size pg_get_constraintdef pg_get_viewdef
     json_serialize_sql json_serialize_plan json_deserialize_sql`,
  ),
  ...reasons(
    "internal",
    `combine finalize stats vector_type create_sort_key parse_duckdb_log_message
     variant_bytes_to_variant variant_to_parquet_variant variant_normalize
     __internal_compress_integral_ubigint __internal_compress_integral_uinteger
     __internal_compress_integral_usmallint __internal_compress_integral_utinyint
     __internal_compress_string_hugeint __internal_compress_string_ubigint __internal_compress_string_uhugeint
     __internal_compress_string_uinteger __internal_compress_string_usmallint __internal_compress_string_utinyint
     __internal_decompress_integral_bigint __internal_decompress_integral_hugeint
     __internal_decompress_integral_integer __internal_decompress_integral_smallint
     __internal_decompress_integral_ubigint __internal_decompress_integral_uhugeint
     __internal_decompress_integral_uinteger __internal_decompress_integral_usmallint
     __internal_decompress_string`,
  ),
  // DuckDB refuses these outside of FROM by itself; today.
  ...reasons(
    "table-function",
    `arrow_scan arrow_scan_dumb check_peg_parser checkpoint disable_logging disable_peg_parser disable_profiling
     duckdb_approx_database_count duckdb_columns duckdb_connection_count duckdb_constraints
     duckdb_coordinate_systems duckdb_databases duckdb_dependencies duckdb_extensions duckdb_external_file_cache
     duckdb_functions duckdb_indexes duckdb_keywords duckdb_log_contexts duckdb_logs duckdb_logs_parsed
     duckdb_memory duckdb_optimizers duckdb_prepared_statements duckdb_profiling_settings duckdb_schemas
     duckdb_secret_types duckdb_secrets duckdb_sequences duckdb_settings duckdb_table_sample duckdb_tables
     duckdb_temporary_files duckdb_types duckdb_variables duckdb_views enable_logging enable_peg_parser
     enable_profiling force_checkpoint glob histogram_values icu_calendar_names json_execute_serialized_sql
     parquet_bloom_probe parquet_file_metadata parquet_full_metadata parquet_kv_metadata parquet_metadata
     parquet_scan parquet_schema pg_timezone_names pragma_collations pragma_database_size pragma_metadata_info
     pragma_platform pragma_show pragma_storage_info pragma_table_info pragma_user_agent pragma_version query
     query_table read_blob read_csv read_csv_auto read_duckdb read_json read_json_auto read_json_objects
     read_json_objects_auto read_ndjson read_ndjson_auto read_ndjson_objects read_parquet read_text seq_scan
     sniff_csv sql_auto_complete summary test_all_types test_vector_types truncate_duckdb_logs which_secret`,
  ),
]);

/** Functions whose value changes from call to call or from query to query. */
export const volatileFunctions: ReadonlySet<string> = new Set(
  words(`
    now today current_date current_time current_timestamp localtime localtimestamp
    get_current_time get_current_timestamp current_localtime current_localtimestamp transaction_timestamp
    ago pg_conf_load_time pg_postmaster_start_time
    random uuid uuidv4 uuidv7 gen_random_uuid reservoir_quantile
    pg_timezone_names txid_current current_database current_catalog current_schema current_schemas in_search_path`),
);

/** Volatile functions that are called without brackets, so that the tree shows a column. */
export const volatileWords: ReadonlySet<string> = new Set(
  words(
    "current_date current_time current_timestamp localtime localtimestamp current_catalog current_schema",
  ),
);

/** Schemas of DuckDB's own functions; any other word before a function's name is its first argument. */
export const functionSchemas: ReadonlySet<string> = new Set(["", "main", "system", "pg_catalog"]);

/** Aggregates, and macros that stand for some: with one of them a query is no projection. */
export const aggregateFunctions: ReadonlySet<string> = new Set(
  words(`
    any_value approx_count_distinct approx_quantile approx_top_k arbitrary arg_max arg_max_null
    arg_max_nulls_last arg_min arg_min_null arg_min_nulls_last argmax argmin array_agg avg bit_and bit_or bit_xor
    bitstring_agg bool_and bool_or corr count count_if count_star countif covar_pop covar_samp cume_dist
    dense_rank entropy favg fill first first_value fsum group_concat histogram histogram_exact kahan_sum kurtosis
    kurtosis_pop lag last last_value lead list listagg mad max max_by mean median min min_by mode nth_value ntile
    percent_rank product quantile quantile_cont quantile_disc rank rank_dense regr_avgx regr_avgy regr_count
    regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy reservoir_quantile row_number sem skewness
    stddev stddev_pop stddev_samp string_agg sum sum_no_overflow sumkahan var_pop var_samp variance
    geomean geometric_mean wavg weighted_avg json_group_array json_group_object json_group_structure`),
);

/** Functions that turn one row into several or none. */
export const unnestingFunctions: ReadonlySet<string> = new Set(
  words("unnest unlist generate_subscripts regexp_split_to_table"),
);

function reasons(reason: DenialReason, names: string): readonly (readonly [string, DenialReason])[] {
  return words(names).map((name) => [name, reason]);
}
