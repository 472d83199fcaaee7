/**
 * Wraps an async generator so that `return` aborts the signal given to its source, even while the source waits for its next value. So a subscriber that leaves
 * does not keep anything waiting.
 */
export async function abortable<T>(
  start: (signal: AbortSignal) => Promise<AsyncGenerator<T, void>>,
): Promise<AsyncGenerator<T, void>> {
  const controller = new AbortController();
  const source = await start(controller.signal);
  const leave = source.return.bind(source);
  source.return = (value) => {
    controller.abort();
    return leave(value);
  };
  return source;
}
