import { expect, it } from '@jest/globals';
import { startSluice } from '../support/sluice.js';

it('an Elasticsearch without security works with credentials too, and ignores them', async () => {
  const sluice = await startSluice({ ELASTICSEARCH_USERNAME: 'somebody', ELASTICSEARCH_PASSWORD: 'unasked' });
  try {
    const id = await sluice.dataset({ n: 1 });
    expect(await sluice.push(id, [{ n: 1 }])).toMatchObject({ status: 'COMPLETE', counts: { added: 1 } });
  } finally {
    await sluice.close();
  }
});
