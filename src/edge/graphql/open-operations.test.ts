import { describe, expect, it } from '@jest/globals';
import { OpenOperations } from './open-operations.js';

const peerWith = (operations: number) => ({
  subscriptions: Object.fromEntries(Array.from({ length: operations }, (_, n) => [`${n}`, null])),
});

describe('OpenOperations', () => {
  it('refuses the 501st websocket of a key until another one is closed', () => {
    const open = new OpenOperations();
    const peers = Array.from({ length: 500 }, () => peerWith(0));
    for (const peer of peers) open.add('k', peer);
    expect(() => open.add('k', peerWith(0))).toThrow('the API key or token has 500 websockets open');
    open.add('other', peerWith(0));
    open.remove('k', peers[0] ?? peerWith(0));
    open.add('k', peerWith(0));
  });

  it('refuses the 1,001st operation of a key, however the operations are spread over websockets', () => {
    const open = new OpenOperations();
    for (let n = 0; n < 10; n += 1) open.add('k', peerWith(100));
    const last = peerWith(0);
    open.add('k', last);
    expect(() => open.refuseTooMany('k', last)).not.toThrow();
    expect(() => open.refuseTooMany('other', peerWith(1))).not.toThrow();
    const more = peerWith(1);
    open.add('k', more);
    expect(() => open.refuseTooMany('k', more)).toThrow('the API key or token has 1000 running operations');
  });
});
