import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

/** One key of an issuer, both halves. */
export interface IssuerKey {
  readonly alg: string;
  readonly kid: string | undefined;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly jwk: JWK;
}

export async function newKey(alg: string, kid?: string): Promise<IssuerKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), use: 'sig', ...(kid !== undefined && { kid }) };
  return { alg, kid, privateKey, publicKey, jwk };
}

/** Claims of a token that is valid for five minutes, beside what a test says of them. */
export function claimsOf(claims: JWTPayload = {}): JWTPayload {
  return { sub: 'alice', exp: Math.floor(Date.now() / 1_000) + 300, permissions: [], ...claims };
}

/** A token signed with a key of an issuer, or with a secret. */
export function signed(
  key: IssuerKey | string,
  claims: JWTPayload = claimsOf(),
  header: Record<string, unknown> = {},
): Promise<string> {
  if (typeof key === 'string') {
    return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', ...header }).sign(new TextEncoder().encode(key));
  }
  const { alg, kid, privateKey } = key;
  return new SignJWT(claims).setProtectedHeader({ alg, ...(kid !== undefined && { kid }), ...header }).sign(privateKey);
}

/** A token in three parts, of whatever is in them: what an attacker can write. */
export function forged(header: unknown, claims: unknown, signature = ''): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part(header)}.${part(claims)}.${signature}`;
}

/** An issuer on the loopback interface that publishes its keys, or answers as a test says. */
export async function openIssuer(...first: readonly IssuerKey[]) {
  const published = (keys: readonly IssuerKey[]) => (response: ServerResponse) => {
    response.end(JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }));
  };
  let respond: (response: ServerResponse) => void = published(first);
  let requests = 0;
  const server = createServer((_, response) => {
    requests += 1;
    respond(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`,
    /** How often it was asked for its keys. */
    requests: () => requests,
    publish(...keys: readonly IssuerKey[]): void {
      respond = published(keys);
    },
    answer(next: (response: ServerResponse) => void): void {
      respond = next;
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type Issuer = Awaited<ReturnType<typeof openIssuer>>;
