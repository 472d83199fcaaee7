/**
 * An async generator whose `return` aborts the signal its source was started with, at once, also while it waits for its next value: a subscriber who
 * leaves must not be waited for.
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
