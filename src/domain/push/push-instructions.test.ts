import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { pushInstructions } from './push-instructions.js';

/** What a shell would send: the command runs with a curl that prints its arguments and input. */
function sentBy(command: string): string {
  const curl = 'curl() { printf "%s\\n" "$@"; cat; }; ';
  return execFileSync('bash', ['-c', `${curl}${command}`], {
    env: { PATH: process.env.PATH, API_KEY: 'k e y' },
  }).toString();
}

describe('pushInstructions', () => {
  it.each([
    ['{"q": "it\'s \\"quoted\\" \\\\ $HOME `id` \\n 😀", "n": 12345678901234567890}'],
    ['{"end": "SLUICE_BODY", "other": "SLUICE_BODY_"}'],
    ['{"end": "SLUICE_BODY___", "other": "SLUICE_BODY"}'],
  ])('gives a shell command that sends exactly the bytes of %s', (sample) => {
    const { postData } = pushInstructions('http://host:1', 'id', { sample, columns: [], warnings: [] }, 0);
    const sent = sentBy(postData ?? '');
    expect(sent).toContain('http://host:1/dataload/postdata\n');
    expect(sent).toContain('x-api-key: k e y\n');
    const body = sent.slice(sent.indexOf('{"datasetId"'));
    expect(body.trim()).toBe(
      `{"datasetId":"id","documentUpdateMethod":"replace","data":[${sample.replaceAll('": ', '":').replaceAll(', "', ',"')}]}`,
    );
  });

  it('has no Post Data and no Delete Data command before anything is applied, and says why', () => {
    const { postData, deleteData, notes } = pushInstructions('http://host:1', 'id', null, 0);
    expect([postData, deleteData]).toEqual([null, null]);
    expect(notes[0]).toBe('There is no Post Data and no Delete Data command yet: apply changes first.');
  });
});
