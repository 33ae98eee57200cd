import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { ScalarType, type DescEnum, type DescField, type DescMessage } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import {
  file_spark_connect as file,
  SparkConnectService,
} from "../../../../server/engine/spark/connect/generated/spark_connect_pb.js";

/*
 * Every name, number and type of the part of Spark Connect that is used here, compared with the descriptors of Spark's own
 * package: pip install pyspark-client==4.2.0 protobuf, or pyspark. SPARK_PYTHON names its python.
 */

const script = resolve(import.meta.dirname, "../../../spark/descriptors.py");
const python = process.env["SPARK_PYTHON"] ?? "python3";

type Answer = Readonly<Record<string, Readonly<Record<string, unknown>> | null>>;

const messages = file.messages.flatMap(withNested);
const enums = [...file.enums, ...messages.flatMap((message) => message.nestedEnums)];

function withNested(message: DescMessage): readonly DescMessage[] {
  return [message, ...message.nestedMessages.flatMap(withNested)];
}

function ask(): Answer | undefined {
  const wanted = [
    ...messages.map(({ typeName: name }) => ({ kind: "message", name })),
    ...enums.map(({ typeName: name }) => ({ kind: "enum", name })),
    { kind: "service", name: SparkConnectService.typeName },
  ];
  const { status, stdout } = spawnSync(python, ["-W", "ignore", script], {
    input: JSON.stringify(wanted),
    encoding: "utf8",
  });
  return status === 0 ? (JSON.parse(stdout) as Answer) : undefined;
}

const answer = ask();
if (answer === undefined)
  console.warn(
    `SKIPPED: the messages of Spark Connect are not compared with Spark's own, since "${python}" has no pyspark with protobuf. Set SPARK_PYTHON.`,
  );

/** As Python's descriptors tell it. */
function fieldOf(field: DescField): readonly unknown[] {
  const type =
    field.fieldKind === "scalar"
      ? field.scalar
      : field.fieldKind === "enum"
        ? 14
        : field.fieldKind === "list"
          ? (field.scalar ?? (field.listKind === "enum" ? 14 : 11))
          : 11;
  const isMany = field.fieldKind === "list" || field.fieldKind === "map";
  const named = field.message ?? field.enum;
  const entry = field.fieldKind === "map" ? `${field.parent.typeName}.${entryName(field.name)}` : undefined;
  return [field.number, type, isMany, entry ?? named?.typeName ?? "", field.oneof?.name ?? ""];
}

function entryName(name: string): string {
  return `${name.replace(/(^|_)(\w)/g, (_all, _line, letter: string) => letter.toUpperCase())}Entry`;
}

function valuesOf({ values }: DescEnum): Readonly<Record<string, number>> {
  return Object.fromEntries(values.map(({ name, number }) => [name, number]));
}

test.skipIf(answer === undefined)("the messages that are used are Spark's", () => {
  expect(ScalarType.STRING).toBe(9);
  let count = 0;
  for (const message of messages) {
    const theirs = answer?.[message.typeName];
    expect(theirs, message.typeName).not.toBeNull();
    for (const field of message.fields) {
      const [number, type, isMany, named, oneof] = fieldOf(field);
      const known = theirs?.[field.name] as readonly unknown[] | undefined;
      // Spark's descriptors also name the oneof of an optional field.
      const isOptional = known?.[4] === `_${field.name}`;
      expect(
        [number, type, isMany, named, isOptional ? known[4] : oneof],
        `${message.typeName}.${field.name}`,
      ).toEqual(known);
      count++;
    }
  }
  for (const each of enums) expect(answer?.[each.typeName], each.typeName).toMatchObject(valuesOf(each));
  for (const method of SparkConnectService.methods)
    expect(answer?.[SparkConnectService.typeName]?.[method.name], method.name).toEqual([
      method.input.typeName,
      method.output.typeName,
      method.methodKind === "server_streaming",
    ]);
  expect(count).toBeGreaterThan(150);
});
