/** Ends what the set-ups have started. */
export default async function globalTeardown() {
  await globalThis.stopTestElasticsearch?.();
  await globalThis.stopTestMongod?.();
  await globalThis.removeTestPrograms?.();
}
