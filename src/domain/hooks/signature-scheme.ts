/** How senders of webhooks sign their deliveries. Each scheme is an HMAC-SHA256 over the body as it was sent. */
export const SIGNATURE_SCHEMES = ['STANDARD_WEBHOOKS', 'GITHUB', 'STRIPE', 'SHOPIFY'] as const;
export type SignatureScheme = (typeof SIGNATURE_SCHEMES)[number];

/** The header of a delivery with this name, in lower case; undefined if it was not sent. */
export type HeaderOf = (name: string) => string | undefined;

/** What a delivery says about its signature. */
export interface SignedDelivery {
  /** The digests that were sent; one of them must fit. A sender that changes its secret sends one for each. */
  readonly digests: readonly Buffer[];
  /** What is signed before the body. */
  readonly before: string;
  /** When it was signed, in seconds since 1970, as it was sent; null if the scheme has no time. */
  readonly sentAt: string | null;
  /** The header with the sender's id of the delivery; undefined if it has none. Signed by Standard Webhooks only. */
  readonly id: string | undefined;
}

interface Scheme {
  /** The header that carries the signature, as the sender writes it. */
  readonly header: string;
  /** How a signature looks. */
  readonly form: string;
  /** Null if the header of the signature, or another header that is signed, is missing. */
  readonly read: (headerOf: HeaderOf) => SignedDelivery | null;
  /** The key of the HMAC. Null if the secret does not have the form that the sender gives it. */
  readonly keyOf: (secret: string) => Buffer | null;
  /** How a secret looks. */
  readonly secretForm: string;
}

const SHORTEST_KEY = 16;
const STANDARD_PREFIX = 'whsec_';
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const HEX_DIGEST = /^[0-9a-f]{64}$/i;

/** Every scheme, by what its sender documents. */
export const SCHEMES: Readonly<Record<SignatureScheme, Scheme>> = {
  STANDARD_WEBHOOKS: {
    header: 'webhook-signature',
    form: 'v1,<base64>, several of them separated by spaces',
    read: (headerOf) => readStandard(headerOf, 'webhook') ?? readStandard(headerOf, 'svix'),
    keyOf: standardKey,
    secretForm: `${STANDARD_PREFIX} and at least ${SHORTEST_KEY} bytes in base64`,
  },
  GITHUB: {
    header: 'X-Hub-Signature-256',
    form: 'sha256=<hex>',
    read: (headerOf) => {
      const sent = headerOf('x-hub-signature-256');
      if (sent === undefined) return null;
      return { digests: hexDigests([sent], 'sha256='), before: '', sentAt: null, id: headerOf('x-github-delivery') };
    },
    keyOf: textKey,
    secretForm: `at least ${SHORTEST_KEY} characters`,
  },
  STRIPE: {
    header: 'Stripe-Signature',
    form: 't=<seconds>,v1=<hex>, with v1 once or several times',
    read: readStripe,
    keyOf: textKey,
    secretForm: `at least ${SHORTEST_KEY} characters, whsec_ included`,
  },
  SHOPIFY: {
    header: 'X-Shopify-Hmac-Sha256',
    form: '<base64>',
    read: (headerOf) => readShopify(headerOf, 'x-shopify') ?? readShopify(headerOf, 'shopify'),
    keyOf: textKey,
    secretForm: `at least ${SHORTEST_KEY} characters`,
  },
};

/** Standard Webhooks: `v1` is the version for shared secrets; entries of other versions are ignored. Svix, where the scheme comes from, names the headers differently. */
function readStandard(headerOf: HeaderOf, family: 'webhook' | 'svix'): SignedDelivery | null {
  const [id, sentAt, sent] = ['id', 'timestamp', 'signature'].map((name) => headerOf(`${family}-${name}`));
  if (id === undefined || sentAt === undefined || sent === undefined) return null;
  const entries = sent.split(/\s+/).filter((entry) => entry.startsWith('v1,'));
  const digests = base64Digests(entries.map((entry) => entry.slice('v1,'.length)));
  return { digests, before: `${id}.${sentAt}.`, sentAt, id };
}

/** Stripe: `t` and any number of `v1` in one header, separated by commas; other entries are ignored. */
function readStripe(headerOf: HeaderOf): SignedDelivery | null {
  const sent = headerOf('stripe-signature');
  if (sent === undefined) return null;
  const entries = sent.split(',').map((entry) => entry.trim());
  const sentAt = entries.find((entry) => entry.startsWith('t='))?.slice('t='.length) ?? '';
  return { digests: hexDigests(entries, 'v1='), before: `${sentAt}.`, sentAt, id: undefined };
}

/** Shopify has webhooks, and events, whose headers have no `x-`. An event may have several webhooks, of several topics, so its id would not tell them apart. */
function readShopify(headerOf: HeaderOf, family: 'x-shopify' | 'shopify'): SignedDelivery | null {
  const sent = headerOf(`${family}-hmac-sha256`);
  if (sent === undefined) return null;
  return { digests: base64Digests([sent]), before: '', sentAt: null, id: headerOf(`${family}-webhook-id`) };
}

function hexDigests(entries: readonly string[], prefix: string): Buffer[] {
  const digits = entries.filter((entry) => entry.startsWith(prefix)).map((entry) => entry.slice(prefix.length));
  return digits.filter((text) => HEX_DIGEST.test(text)).map((text) => Buffer.from(text, 'hex'));
}

function base64Digests(entries: readonly string[]): Buffer[] {
  return entries.filter((text) => BASE64.test(text)).map((text) => Buffer.from(text, 'base64'));
}

function standardKey(secret: string): Buffer | null {
  const text = secret.startsWith(STANDARD_PREFIX) ? secret.slice(STANDARD_PREFIX.length) : secret;
  const key = BASE64.test(text) ? Buffer.from(text, 'base64') : Buffer.alloc(0);
  return key.length < SHORTEST_KEY ? null : key;
}

function textKey(secret: string): Buffer | null {
  return secret.length < SHORTEST_KEY || !secret.isWellFormed() ? null : Buffer.from(secret);
}
