import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CreatePushUrlDocument, type CreatePushUrlInput } from '../generated/graphql.js';
import { EVENTS, SECRETS, type SentWebhook, signed } from '../support/signed-webhooks.js';
import { type Sluice, startSluice } from '../support/sluice.js';

type Scheme = keyof typeof SECRETS;

interface Sender {
  readonly scheme: Scheme;
  /** A delivery with an id; the one after it has another content. */
  readonly send: (id: string, content: number) => SentWebhook;
  readonly sample: unknown;
}

const SENDERS: readonly (readonly [string, Sender])[] = [
  [
    'Standard Webhooks',
    {
      scheme: 'STANDARD_WEBHOOKS',
      sample: EVENTS.standardWebhooks('x'),
      send: (id, content) => signed.standardWebhooks(id, EVENTS.standardWebhooks(`name ${content}`)),
    },
  ],
  [
    'GitHub',
    {
      scheme: 'GITHUB',
      sample: EVENTS.github('x'),
      send: (id, content) => signed.github(id, EVENTS.github(`title ${content}`)),
    },
  ],
  [
    'GitHub, as a form',
    {
      scheme: 'GITHUB',
      sample: EVENTS.github('x'),
      send: (id, content) => signed.github(id, EVENTS.github(`100 % & ü+ ${content}`), true),
    },
  ],
  [
    'Stripe',
    {
      scheme: 'STRIPE',
      sample: EVENTS.stripe('x', 1),
      send: (id, content) => signed.stripe(EVENTS.stripe(id, content)),
    },
  ],
  [
    'Shopify',
    {
      scheme: 'SHOPIFY',
      sample: EVENTS.shopify('x'),
      send: (id, content) => signed.shopify(id, EVENTS.shopify(`shirt ${content}`)),
    },
  ],
];

describe('push URLs', () => {
  let sluice: Sluice;
  beforeAll(async () => {
    sluice = await startSluice();
  });
  afterAll(() => sluice.close());

  async function create(datasetId: string, settings: Partial<CreatePushUrlInput> = {}): Promise<string> {
    const input = { name: 'hook', datasetId, ...settings };
    return (await sluice.query(CreatePushUrlDocument, { input })).createPushUrl.url;
  }

  const ofScheme = (datasetId: string, scheme: Scheme) =>
    create(datasetId, { signature: { scheme, secret: SECRETS[scheme] } });

  /** Sends a delivery without any API key. */
  async function deliver(url: string, { headers, body }: SentWebhook) {
    const response = await fetch(url, { method: 'POST', headers, body });
    const replayed = response.headers.get('idempotency-replayed');
    return { status: response.status, replayed, body: (await response.json()) as Record<string, string> };
  }

  const json = (value: unknown, headers: Record<string, string> = {}): SentWebhook => ({
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(value),
  });

  it.each(SENDERS)('load what %s sends, and a redelivery with another body is the same job', async (_, sender) => {
    const id = await sluice.dataset(sender.sample);
    const url = await ofScheme(id, sender.scheme);
    const first = await deliver(url, sender.send('evt_1', 1));
    expect(first).toEqual({ status: 202, replayed: null, body: { jobId: expect.any(String) } });
    const { jobId = '' } = first.body;
    const job = await sluice.finalJob(jobId);
    expect([job.status, job.requestedBy, job.counts.added]).toEqual(['COMPLETE', 'hook', 1]);
    const again = await deliver(url, sender.send('evt_1', 2));
    expect(again).toEqual({ status: 202, replayed: 'true', body: { jobId, replayed: true } });
    const other = await deliver(url, sender.send('evt_2', 3));
    expect([other.status, other.replayed]).toEqual([202, null]);
    await sluice.finalJob(other.body.jobId ?? '');
    expect(await sluice.values(id)).toHaveLength(2);
  });

  it.each(SENDERS)('refuse what %s has not signed, and store nothing of it', async (_, sender) => {
    const id = await sluice.dataset(sender.sample);
    const url = await ofScheme(id, sender.scheme);
    const sent = sender.send('evt_1', 1);
    const changed = { ...sent, body: sent.body.replace('1', '7') };
    const unsigned = { ...sent, headers: { 'content-type': 'application/json' } };
    for (const delivery of [changed, unsigned]) {
      const { status, body } = await deliver(url, delivery);
      expect([status, body.code]).toEqual([401, 'UNAUTHENTICATED']);
      expect(body.detail).not.toContain(SECRETS[sender.scheme]);
    }
    expect((await deliver(url, sent)).replayed).toBeNull();
  });

  it('refuse a recorded delivery after 5 minutes, where its scheme has a time', async () => {
    const id = await sluice.dataset(EVENTS.stripe('x', 1));
    const now = Math.floor(Date.now() / 1000);
    const stripe = await ofScheme(id, 'STRIPE');
    const standard = await ofScheme(id, 'STANDARD_WEBHOOKS');
    const old = [
      await deliver(stripe, signed.stripe(EVENTS.stripe('evt_1', 1), now - 310)),
      await deliver(standard, signed.standardWebhooks('msg_1', EVENTS.stripe('evt_1', 1), now - 310)),
      await deliver(standard, signed.standardWebhooks('msg_1', EVENTS.stripe('evt_1', 1), now + 310)),
    ];
    expect(old.map(({ status }) => status)).toEqual([401, 401, 401]);
    expect(old[0]?.body.detail).toMatch(/was signed 31\d seconds ago/);
    expect((await deliver(stripe, signed.stripe(EVENTS.stripe('evt_1', 1), now - 200))).status).toBe(202);
  });

  it('accept a redelivery anew if the first one ended in ERROR_EXIT', async () => {
    const url = await create(await sluice.dataset({ n: 1 }));
    const send = (n: unknown) => deliver(url, json({ n }, { 'webhook-id': 'msg_1' }));
    const refused = await send('no number');
    expect((await sluice.finalJob(refused.body.jobId ?? '')).status).toBe('ERROR_EXIT');
    const [one, two] = await Promise.all([send(2), send(3)]);
    const accepted = one.replayed === null ? one : two;
    expect([one, two].map(({ replayed }) => replayed)).toContain('true');
    expect([one, two].map(({ body }) => body.jobId)).toEqual(Array(2).fill(accepted.body.jobId));
    expect(accepted.body.jobId).not.toBe(refused.body.jobId);
    expect((await sluice.finalJob(accepted.body.jobId ?? '')).status).toBe('COMPLETE');
    expect((await send('no number')).body).toEqual({ jobId: accepted.body.jobId, replayed: true });
    expect((await sluice.job(refused.body.jobId ?? '')).status).toBe('ERROR_EXIT');
  });

  it('know the deliveries of one push URL only', async () => {
    const id = await sluice.dataset({ n: 1 });
    const [one, two] = [await create(id), await create(id)];
    const sent = json({ n: 1 }, { 'x-github-delivery': 'the same' });
    const jobs = [await deliver(one, sent), await deliver(two, sent), await deliver(one, json({ n: 1 }))];
    expect(new Set(jobs.map(({ body }) => body.jobId)).size).toBe(3);
    expect(
      (await sluice.post(`/dataload/${id}`, { n: 1 }, { 'idempotency-key': 'the same' })).body.replayed,
    ).toBeUndefined();
  });

  it.each([
    ['an object declared as text', { headers: { 'content-type': 'text/plain' }, body: '{"n": 1}' }, [1]],
    [
      'an array of CloudEvents',
      { headers: { 'content-type': 'application/cloudevents-batch+json' }, body: '[{"n": 1}, {"n": 2}]' },
      [1, 2],
    ],
    ['NDJSON', { headers: { 'content-type': 'application/x-ndjson' }, body: '{"n": 1}\n{"n": 2}\n' }, [1, 2]],
    [
      'JSON that curl declares a form',
      { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: '{"n": 1}' },
      [1],
    ],
    [
      'a form',
      { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'payload=%5B%7B%22n%22%3A+1%7D%5D' },
      [1],
    ],
  ])('take %s', async (_, sent, numbers) => {
    const id = await sluice.dataset({ n: 1 });
    const { body } = await deliver(await create(id), sent);
    await sluice.finalJob(body.jobId ?? '');
    expect((await sluice.values(id, 'n')).map(({ n }) => n)).toEqual(numbers);
  });

  it.each([
    [{ headers: { 'content-type': 'multipart/form-data; boundary=x' }, body: '--x--' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    [{ headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'a=1' }, 400, 'BAD_REQUEST'],
    [{ headers: {}, body: 'hello' }, 400, 'INVALID_JSON'],
    [{ headers: {}, body: '[]' }, 400, 'BAD_REQUEST'],
  ])('refuse %j', async (sent, status, code) => {
    const refused = await deliver(await create(await sluice.dataset({ n: 1 })), sent);
    expect([refused.status, refused.body.code]).toEqual([status, code]);
  });

  it('upsert if they are set to', async () => {
    const id = await sluice.dataset({ id: 'a', n: 1, m: 1 });
    await sluice.edit(id, { columns: [{ id: 'id', uniqueIdentifier: true }] });
    await sluice.apply(id);
    const [replace, upsert] = [await create(id), await create(id, { documentUpdateMethod: 'UPSERT' })];
    await deliver(replace, json({ id: 'a', n: 1, m: 1 }));
    const { body } = await deliver(upsert, json({ id: 'a', n: 2 }));
    await sluice.finalJob(body.jobId ?? '');
    expect(await sluice.values(id)).toEqual([{ id: 'a', n: 2, m: 1 }]);
  });
});
