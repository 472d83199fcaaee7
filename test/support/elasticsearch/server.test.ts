import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, it } from '@jest/globals';
import { ElasticsearchServer } from './server.js';

it('an Elasticsearch for tests says that its port is taken, instead of using what listens there', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const starting = ElasticsearchServer.start({ home: '/nowhere', javaHome: '/nowhere' }, { port });
  await expect(starting).rejects.toThrow(`port ${port} is taken; stop what listens there`);
  other.close();
});
