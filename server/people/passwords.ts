import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from "node:crypto";
import { z } from "zod";
import { AppError } from "../base/errors.js";
import { Limiter } from "../lake/concurrency.js";

export const passwordSchema = z.object({
  algorithm: z.literal("scrypt"),
  salt: z.string(),
  hash: z.string(),
  cost: z.number().int(),
  blockSize: z.number().int(),
  parallelization: z.number().int(),
});
export type StoredPassword = z.infer<typeof passwordSchema>;

export const MIN_PASSWORD = 8;
const MAX_PASSWORD = 1000;

/** OWASP's second choice for scrypt: 32 MB, three times. */
const cost = { cost: 2 ** 15, blockSize: 8, parallelization: 3 };
const HASH_BYTES = 32;

/** Each takes 32 MB and a thread: logins that come at once wait for each other. */
const atOnce = new Limiter(2);

/** Fails with code usage for one that is too short: what was typed counts, without blanks around it, and not what one sign stands for. */
export function requirePassword(password: string): string {
  // What looks the same is the same, whatever keyboard it was typed on.
  const normal = password.normalize("NFKC");
  const typed = password.normalize("NFC").replaceAll(/\p{C}/gu, "").trim();
  if (Array.from(typed).length >= MIN_PASSWORD && normal.length <= MAX_PASSWORD) return normal;
  throw new AppError(
    "usage",
    `A password has ${String(MIN_PASSWORD)} to ${String(MAX_PASSWORD)} characters; blanks around it don't count.`,
  );
}

/** Fails with code usage for one that is too short. */
export async function hashPassword(password: string): Promise<StoredPassword> {
  const salt = randomBytes(16);
  const hash = await derive(requirePassword(password), salt, cost);
  return { algorithm: "scrypt", salt: salt.toString("hex"), hash: hash.toString("hex"), ...cost };
}

/** Takes as long for somebody who does not exist: `stored` is undefined then. */
export async function isPassword(given: string, stored: StoredPassword | undefined): Promise<boolean> {
  const text = given.slice(0, MAX_PASSWORD + 1).normalize("NFKC");
  if (stored === undefined) {
    await derive(text, randomBytes(16), cost);
    return false;
  }
  const expected = Buffer.from(stored.hash, "hex");
  const hash = await derive(text, Buffer.from(stored.salt, "hex"), stored);
  return hash.length === expected.length && timingSafeEqual(hash, expected);
}

function derive(
  password: string,
  salt: Buffer,
  { cost, blockSize, parallelization }: Pick<StoredPassword, "cost" | "blockSize" | "parallelization">,
): Promise<Buffer> {
  const options: ScryptOptions = { cost, blockSize, parallelization, maxmem: 256 * cost * blockSize };
  return atOnce.run(
    () =>
      new Promise((resolve, reject) => {
        scrypt(password, salt, HASH_BYTES, options, (error, key) => {
          if (error === null) resolve(key);
          else reject(error);
        });
      }),
  );
}
