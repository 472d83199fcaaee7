import { createHmac } from 'node:crypto';

/** A delivery as its sender sends it. */
export interface SentWebhook {
  readonly headers: Record<string, string>;
  readonly body: string;
}

export const SECRETS = {
  STANDARD_WEBHOOKS: `whsec_${Buffer.from('a secret of 24 bytes or more').toString('base64')}`,
  GITHUB: "It's a Secret to Everybody",
  STRIPE: 'whsec_8cc0a9a6ef4b2a1d5b40c1e5c9b1a1f0',
  SHOPIFY: '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',
} as const;

const JSON_TYPE = 'application/json';
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text);
const nowSeconds = () => Math.floor(Date.now() / 1000);

/** Signs as senders do; `at` is in seconds since 1970. */
export const signed = {
  standardWebhooks(id: string, event: unknown, at = nowSeconds()): SentWebhook {
    const body = JSON.stringify(event);
    const key = Buffer.from(SECRETS.STANDARD_WEBHOOKS.slice('whsec_'.length), 'base64');
    const signature = `v1,${hmac(key, `${id}.${at}.${body}`).digest('base64')}`;
    const headers = { 'webhook-id': id, 'webhook-timestamp': String(at), 'webhook-signature': signature };
    return { headers: { 'content-type': JSON_TYPE, ...headers }, body };
  },

  github(id: string, event: unknown, asForm = false): SentWebhook {
    const text = JSON.stringify(event);
    const body = asForm ? `payload=${encodeURIComponent(text).replaceAll('%20', '+')}` : text;
    const headers = {
      'content-type': asForm ? 'application/x-www-form-urlencoded' : JSON_TYPE,
      'user-agent': 'GitHub-Hookshot/044aadd',
      'x-github-event': 'issues',
      'x-github-delivery': id,
      'x-hub-signature-256': `sha256=${hmac(SECRETS.GITHUB, body).digest('hex')}`,
    };
    return { headers, body };
  },

  /** The event has its id in itself. */
  stripe(event: unknown, at = nowSeconds()): SentWebhook {
    const body = JSON.stringify(event, null, 2);
    const signature = `t=${at},v1=${hmac(SECRETS.STRIPE, `${at}.${body}`).digest('hex')},v0=${'0'.repeat(64)}`;
    return { headers: { 'content-type': `${JSON_TYPE}; charset=utf-8`, 'stripe-signature': signature }, body };
  },

  shopify(id: string, resource: unknown): SentWebhook {
    const body = JSON.stringify(resource);
    const headers = {
      'content-type': JSON_TYPE,
      'x-shopify-topic': 'products/update',
      'x-shopify-hmac-sha256': hmac(SECRETS.SHOPIFY, body).digest('base64'),
      'x-shopify-shop-domain': 'a-shop.myshopify.com',
      'x-shopify-webhook-id': id,
      'x-shopify-event-id': '98880550-7158-44d4-b7cd-2c97c8a091b5',
    };
    return { headers, body };
  },
};

/** Events of the shapes that senders publish, shortened. */
export const EVENTS = {
  standardWebhooks: (name: string) => ({
    type: 'contact.created',
    timestamp: '2022-11-03T20:26:10.344522Z',
    data: { id: '1f81eb52-5198-4599-803e-771906343485', type: 'contact', attributes: { name } },
  }),
  github: (title: string) => ({
    action: 'edited',
    issue: {
      url: 'https://api.github.com/repos/octocat/Hello-World/issues/1347',
      number: 1347,
      title,
      labels: ['bug'],
    },
    repository: { id: 1296269, full_name: 'octocat/Hello-World', private: false },
    sender: { login: 'octocat', id: 1 },
  }),
  stripe: (id: string, amount: number) => ({
    id,
    object: 'event',
    api_version: '2019-02-19',
    created: 1686089970,
    data: { object: { id: 'ch_3MmlLrLkdIwHu7ix0snN0B15', object: 'charge', amount, currency: 'usd', paid: true } },
    livemode: false,
    pending_webhooks: 1,
    request: { id: 'req_1', idempotency_key: 'b4e1' },
    type: 'charge.succeeded',
  }),
  shopify: (title: string) => ({
    id: 632910392,
    title,
    status: 'active',
    vendor: 'Acme',
    updated_at: '2021-12-29T18:00:00-05:00',
    variants: [{ id: 808950810, price: '19.99', sku: 'example-shirt-s' }],
    tags: 'example, mens',
  }),
};
