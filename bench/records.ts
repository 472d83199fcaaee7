const pad = (n: number, digits: number) => String(n).padStart(digits, '0');

/** Record number `n` of the benchmark: about 270 bytes of JSON, with texts, numbers, a boolean, an instant, an array of numbers and a nested object. */
export function recordOf(n: number) {
  return {
    rid: `r-${pad(n, 10)}`,
    title: `Article ${pad(n % 1_000_000, 6)} of the catalogue`,
    category: `category ${n % 50}`,
    qty: n % 1_000,
    price: (n % 10_000) / 100,
    active: n % 2 === 0,
    createdAt: `2026-03-${pad((n % 28) + 1, 2)}T05:06:07.123Z`,
    scores: [n % 10, n % 100, n % 7],
    dims: { w: n % 300, h: n % 200, unit: 'cm' },
    note: `a note for article ${pad(n, 10)}, of a common length`,
  };
}

/** The types of its fields in an Elasticsearch that is written to directly. */
export const RECORD_MAPPING = {
  rid: { type: 'keyword' },
  title: { type: 'keyword' },
  category: { type: 'keyword' },
  qty: { type: 'double' },
  price: { type: 'double' },
  active: { type: 'boolean' },
  createdAt: { type: 'date' },
  scores: { type: 'double' },
  dims: { properties: { w: { type: 'double' }, h: { type: 'double' }, unit: { type: 'keyword' } } },
  note: { type: 'keyword' },
} as const;

/** How many records make a body of about one megabyte. */
export const RECORDS_IN_1_MB = 3_900;

/** Records from number `from` on. */
export function recordsFrom(from: number, count: number) {
  return Array.from({ length: count }, (_, n) => recordOf(from + n));
}

/** A body that pushes these records. */
export function bodyOf(records: unknown): Buffer {
  return Buffer.from(JSON.stringify(records));
}

/** A customer, for designs with steps and geolocations. */
export function customerOf(n: number) {
  return {
    id: n,
    name: `customer ${n}`,
    email: `customer.${n}@example.com`,
    born: '1990-05-06',
    active: n % 2 === 0,
    score: n * 1.25,
    address: { street: `${n} High Street`, city: 'London', zip: 'N1 9GU' },
  };
}
