import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { deliveryIdOf } from './delivery-id.js';
import { SCHEMES, SIGNATURE_SCHEMES, type SignatureScheme } from './signature-scheme.js';
import { checkHookSecret, verifySignature } from './verify-signature.js';

interface Vector {
  readonly scheme: SignatureScheme;
  readonly secret: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly now: number;
}

/** The vectors that Standard Webhooks and GitHub publish; those of Stripe and Shopify are made with openssl, from what they document. */
const STANDARD: Vector = {
  scheme: 'STANDARD_WEBHOOKS',
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  headers: {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  },
  body: '{"test": 2432232314}',
  now: 1614265330,
};
const GITHUB: Vector = {
  scheme: 'GITHUB',
  secret: "It's a Secret to Everybody",
  headers: {
    'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
    'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
  },
  body: 'Hello, World!',
  now: 0,
};
const STRIPE: Vector = {
  scheme: 'STRIPE',
  secret: 'whsec_stripe_secret_for_this_test',
  headers: {
    'stripe-signature': 't=1492774577,v1=fa0f7da2ac6df469e591da93f9b2537addc8b6afd4b15ad84dfdb6af659e28d3,v0=6ffbb59b',
  },
  body: '{"id":"evt_1NG8Du2eZvKYlo2CUI79vXWy","object":"event","type":"charge.succeeded"}',
  now: 1492774577,
};
const SHOPIFY: Vector = {
  scheme: 'SHOPIFY',
  secret: 'shpss_client_secret_of_an_app',
  headers: {
    'x-shopify-hmac-sha256': '62+mEtlhjayait+WUS77is+7kZgnShItQF/3/VJPUy0=',
    'x-shopify-webhook-id': 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
    'x-shopify-event-id': '98880550-7158-44d4-b7cd-2c97c8a091b5',
  },
  body: '{"id":788032119674292922,"title":"T-Shirt"}',
  now: 0,
};
const VECTORS = [STANDARD, GITHUB, STRIPE, SHOPIFY].map((vector) => [vector.scheme, vector] as const);
const OTHER_DIGEST = 'A'.repeat(43);

function verify({ scheme, secret, headers, body, now }: Vector) {
  return verifySignature({ scheme, secret }, (name) => headers[name], Buffer.from(body), new Date(now * 1000));
}

function idOf(vector: Vector): string | null {
  return deliveryIdOf(vector.scheme, verify(vector), (name) => vector.headers[name], JSON.parse(vector.body));
}

/** The same vector with other headers. */
function sent(vector: Vector, headers: Readonly<Record<string, string>>): Vector {
  return { ...vector, headers: { ...vector.headers, ...headers } };
}

describe('verifySignature', () => {
  it('has a vector for every scheme', () => {
    expect(VECTORS.map(([scheme]) => scheme)).toEqual(SIGNATURE_SCHEMES);
  });

  it.each(VECTORS)('accepts what a sender of %s signs', (_, vector) => {
    expect(() => verify(vector)).not.toThrow();
  });

  it.each(VECTORS)('%s: refuses another body, another secret and a delivery without signature', (_, vector) => {
    expect(() => verify({ ...vector, body: `${vector.body} ` })).toThrow('does not fit the body and the secret');
    const other = vector.scheme === 'STANDARD_WEBHOOKS' ? `whsec_${OTHER_DIGEST}` : `${vector.secret}x`;
    expect(() => verify({ ...vector, secret: other })).toThrow('does not fit the body and the secret');
    expect(() => verify({ ...vector, headers: {} })).toThrow(`the delivery has no ${SCHEMES[vector.scheme].header}`);
  });

  it.each(VECTORS)(
    '%s: refuses a signature of another form, with neither secret nor signature in the message',
    (_, vector) => {
      const { header } = SCHEMES[vector.scheme];
      for (const value of [
        '',
        'v1',
        'v1,',
        'v2,abc',
        'sha1=00',
        'sha256=zz',
        't=1,v0=00',
        '!',
        't=,v1=',
        'x'.repeat(9_000),
      ]) {
        const attempt = () => verify(sent(vector, { [header.toLowerCase()]: value }));
        expect(attempt).toThrow(expect.objectContaining({ code: 'UNAUTHENTICATED' }));
        expect(attempt).not.toThrow(vector.secret);
      }
    },
  );

  it('accepts one fitting signature of several, as after a change of the secret', () => {
    const signature = STANDARD.headers['webhook-signature'];
    const several = `v1,${OTHER_DIGEST}= v1a,abc ${signature} v1,${OTHER_DIGEST}=`;
    expect(() => verify(sent(STANDARD, { 'webhook-signature': several }))).not.toThrow();
    const stripe = STRIPE.headers['stripe-signature'] ?? '';
    const twice = stripe.replace(',v1=', `,v1=${'0'.repeat(64)},v1=`);
    expect(() => verify(sent(STRIPE, { 'stripe-signature': twice }))).not.toThrow();
  });

  it.each([[STANDARD], [STRIPE]])('refuses a delivery that was signed more than 5 minutes ago or ahead', (vector) => {
    for (const seconds of [300, -300]) expect(() => verify({ ...vector, now: vector.now + seconds })).not.toThrow();
    expect(() => verify({ ...vector, now: vector.now + 301 })).toThrow('was signed 301 seconds ago');
    expect(() => verify({ ...vector, now: vector.now - 301 })).toThrow('was signed 301 seconds in the future');
  });

  it('refuses another time than the signed one', () => {
    expect(() => verify(sent(STANDARD, { 'webhook-timestamp': '1614265331' }))).toThrow('does not fit');
    expect(() => verify(sent(STANDARD, { 'webhook-id': 'msg_other' }))).toThrow('does not fit');
    const { 'stripe-signature': signature = '' } = STRIPE.headers;
    const later = signature.replace('t=1492774577', 't=1492774578');
    expect(() => verify(sent(STRIPE, { 'stripe-signature': later }))).toThrow('does not fit');
  });

  it('refuses an id with a full stop, with which a recorded delivery would fit another time and another body', () => {
    const key = Buffer.from(STANDARD.secret.slice('whsec_'.length), 'base64');
    const recorded = 'msg_1.1514265330.{"note": "x.1614265330.payload=%7B%22forged%22%3A1%7D&z="}';
    const signature = `v1,${createHmac('sha256', key).update(recorded).digest('base64')}`;
    const border = recorded.indexOf('.1614265330.');
    const moved = sent(STANDARD, { 'webhook-id': recorded.slice(0, border), 'webhook-signature': signature });
    const body = recorded.slice(border + '.1614265330.'.length);
    expect(() => verify({ ...moved, body })).toThrow(/contains a full stop/);
  });

  it('takes the headers of Svix, and the id that is signed', () => {
    const headers = Object.entries(STANDARD.headers).map(([name, value]) => [name.replace('webhook', 'svix'), value]);
    const svix = { ...STANDARD, headers: Object.fromEntries(headers) as Record<string, string> };
    expect(idOf(svix)).toBe(idOf(STANDARD));
    expect(idOf(sent(svix, { 'webhook-id': 'another' }))).toBe(idOf(STANDARD));
  });
});

describe('deliveryIdOf', () => {
  it('is the id that the sender repeats in a redelivery', () => {
    const github = { ...GITHUB, body: '{"zen": "Keep it logically awesome."}' };
    const ofGithub = (id: string) =>
      deliveryIdOf('GITHUB', verify(sent(GITHUB, { 'x-github-delivery': id })), () => undefined, { body: github.body });
    expect(ofGithub('one')).toBe(ofGithub('one'));
    expect(ofGithub('one')).not.toBe(ofGithub('two'));
    expect(idOf(sent(SHOPIFY, { 'x-shopify-event-id': 'another' }))).toBe(idOf(SHOPIFY));
    expect(idOf(sent(SHOPIFY, { 'x-shopify-webhook-id': 'another' }))).not.toBe(idOf(SHOPIFY));
    expect(idOf(STRIPE)).not.toBeNull();
    expect(deliveryIdOf('STRIPE', verify(STRIPE), () => 'in a header', { id: 7 })).toBeNull();
  });

  it('is null if the sender gives none, and one of the known headers without signatures', () => {
    const ofHeaders = (headers: Readonly<Record<string, string>>) =>
      deliveryIdOf(null, null, (name) => headers[name], { id: 'a record' });
    expect(ofHeaders({})).toBeNull();
    expect(ofHeaders({ 'webhook-id': '' })).toBeNull();
    for (const name of ['idempotency-key', 'webhook-id', 'svix-id', 'x-github-delivery', 'x-shopify-webhook-id']) {
      expect(ofHeaders({ [name]: 'x'.repeat(5_000) })).toHaveLength(43);
    }
  });
});

describe('checkHookSecret', () => {
  it.each(VECTORS)('%s: takes the secret of its sender', (scheme, { secret }) => {
    expect(() => checkHookSecret({ scheme, secret }, 'input.signature.secret')).not.toThrow();
  });

  it.each([
    ['STANDARD_WEBHOOKS', 'whsec_'],
    ['STANDARD_WEBHOOKS', 'whsec_c2hvcnQ='],
    ['STANDARD_WEBHOOKS', 'whpk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    ['GITHUB', 'a short secret.'],
    ['STRIPE', ''],
    ['SHOPIFY', 'x'.repeat(513)],
  ] as const)('%s: refuses %j, and does not repeat it', (scheme, secret) => {
    const attempt = () => checkHookSecret({ scheme, secret }, 'input.signature.secret');
    const details = expect.objectContaining({ field: 'input.signature.secret' });
    expect(attempt).toThrow(expect.objectContaining({ code: 'BAD_REQUEST', details }));
    if (secret.length > 6) expect(attempt).not.toThrow(secret);
  });
});
