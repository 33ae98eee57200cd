/** A source of numbers that depends on nothing but its seed: the same on every machine. */
export interface Random {
  /** The next number, 0 <= x < 1, with 32 random bits. */
  next(): number;
  /** A whole number, min <= n <= max. */
  integer(min: number, max: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
}

/**
 * Creates a generator of the sfc32 family: 128 bits of state, four operations a number. `stream` separates
 * generators of the same seed, so that one of them may draw more numbers without disturbing the others.
 */
export function createRandom(seed: number, stream: number): Random {
  // The two halves of the seed: it may be any whole number that a double holds exactly.
  let a = seed | 0;
  let b = Math.floor(seed / 0x1_0000_0000) | 0;
  let c = Math.imul(stream, 0x9e3779b9) | 0;
  let counter = 1;

  function next(): number {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 0x1_0000_0000;
  }

  // Neighbouring seeds start alike; a few rounds pull them apart.
  for (let round = 0; round < 16; round++) next();

  return {
    next,
    integer: (min, max) => min + Math.floor(next() * (max - min + 1)),
    chance: (probability) => next() < probability,
  };
}
