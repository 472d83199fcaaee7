import { expect, it } from '@jest/globals';
import { startSluice } from '../support/sluice.js';

it('an Elasticsearch without security is used with credentials too, which it does not look at', async () => {
  const sluice = await startSluice({ ELASTICSEARCH_USERNAME: 'somebody', ELASTICSEARCH_PASSWORD: 'unasked' });
  try {
    const id = await sluice.dataset({ n: 1 });
    expect(await sluice.push(id, [{ n: 1 }])).toMatchObject({ status: 'COMPLETE', counts: { added: 1 } });
  } finally {
    await sluice.close();
  }
});
