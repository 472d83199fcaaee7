import { describe, expect, it } from '@jest/globals';
import { CredentialRefusal, type RefusalReason } from '../domain/security/refusal.js';
import { problemOf } from './problem.js';

describe('a refusal with status 401', () => {
  it.each<[Exclude<RefusalReason, 'FORBIDDEN' | 'RATE_LIMITED'>, string]>([
    ['UNKNOWN_API_KEY', 'ApiKey header="x-api-key", Bearer'],
    ['REFUSED_VIEWER_TOKEN', 'ApiKey header="x-api-key", Bearer'],
    ['REFUSED_SIGNATURE', 'Signature'],
  ])('because of %s asks for %s', (reason, challenge) => {
    const { status, headers } = problemOf(new CredentialRefusal(reason, 'refused'));
    expect([status, headers['www-authenticate']]).toEqual([401, challenge]);
  });
});
