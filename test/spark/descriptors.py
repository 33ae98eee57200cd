"""Prints the names, numbers and types of Spark Connect's messages as JSON, of the package pyspark-client or pyspark."""
import importlib.util
import json
import pathlib
import sys
import types

from google.protobuf import descriptor_pool

folder = pathlib.Path(importlib.util.find_spec("pyspark").origin).parent / "sql" / "connect" / "proto"
# Without the package's own __init__, which asks for more than its messages need.
for name in ("pyspark", "pyspark.sql", "pyspark.sql.connect", "pyspark.sql.connect.proto"):
    module = types.ModuleType(name)
    module.__path__ = [str(folder.parents[2 - name.count(".")] if name != "pyspark.sql.connect.proto" else folder)]
    sys.modules[name] = module
for name in ("base", "commands", "common", "relations", "types"):
    importlib.import_module(f"pyspark.sql.connect.proto.{name}_pb2")

pool = descriptor_pool.Default()
found = {}
for wanted in json.load(sys.stdin):
    try:
        if wanted["kind"] == "enum":
            values = pool.FindEnumTypeByName(wanted["name"]).values
            found[wanted["name"]] = {value.name: value.number for value in values}
        elif wanted["kind"] == "service":
            methods = pool.FindServiceByName(wanted["name"]).methods
            found[wanted["name"]] = {
                method.name: [method.input_type.full_name, method.output_type.full_name, method.server_streaming]
                for method in methods
            }
        else:
            fields = pool.FindMessageTypeByName(wanted["name"]).fields
            found[wanted["name"]] = {
                field.name: [
                    field.number,
                    field.type,
                    field.is_repeated if hasattr(field, "is_repeated") else field.label == field.LABEL_REPEATED,
                    (field.message_type or field.enum_type).full_name if (field.message_type or field.enum_type) else "",
                    field.containing_oneof.name if field.containing_oneof else "",
                ]
                for field in fields
            }
    except KeyError:
        found[wanted["name"]] = None
print(json.dumps(found))
