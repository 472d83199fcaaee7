import { FindCursor } from 'mongodb';

/*
 * Loaded into a worker that a test lets die. When the worker reads a payload that contains DEADLY, the process kills itself, as soon as a payload that contains SLOW is being read beside it, or half a
 * second later. Reading a payload that contains SLOW takes two seconds.
 */
const SLOW_MS = 2_000;
const LAST_MS = 500;

let onSlow = () => undefined;
const slowIsRead = new Promise((resolve) => {
  onSlow = resolve;
});
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const { toArray } = FindCursor.prototype;
FindCursor.prototype.toArray = async function read() {
  const documents = await toArray.call(this);
  const contains = (text) => documents.some(({ body }) => body?.bytes?.buffer.includes(text));
  if (contains('SLOW')) {
    onSlow();
    await pause(SLOW_MS);
  }
  if (contains('DEADLY')) {
    await Promise.race([slowIsRead, pause(LAST_MS)]);
    process.kill(process.pid, 'SIGKILL');
    await new Promise(() => undefined);
  }
  return documents;
};
