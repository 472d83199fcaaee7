import { describe, expect, it } from '@jest/globals';
import { plainHttpNotices } from './plain-http.js';

describe('plainHttpNotices', () => {
  it.each([
    ['127.0.0.1', undefined],
    ['127.0.1.1', 'http://localhost:4000'],
    ['::1', undefined],
    ['localhost', undefined],
    ['0.0.0.0', 'https://push.example.org'],
  ])('says nothing for the host %s and the URL %s', (host, publicUrl) => {
    expect(plainHttpNotices({ host, publicUrl })).toEqual([]);
  });

  it.each([
    ['0.0.0.0', undefined],
    ['::', 'http://push.example.org'],
    ['127.0.0.1.example.org', undefined],
  ])('warns for the host %s and the URL %s', (host, publicUrl) => {
    expect(plainHttpNotices({ host, publicUrl })).toEqual([
      expect.stringContaining(`listens on ${host} and speaks plain HTTP`),
    ]);
  });
});
