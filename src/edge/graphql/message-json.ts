/*
 * graphql-ws calls JSON.parse and JSON.stringify itself, which would round numbers, and would keep other clients waiting while they work on a large message. So it gets a
 * number instead of a message, and finds the message under that number:
 *
 *   socket --- {"id":...} ---> parsed in turns ---> 7 ---> JSON.parse with `revive` ---> message
 *   socket <-- {"id":...} <-- written in turns <--- 8 <--- JSON.stringify with `replace` <--- message
 */

/** Messages on their way through graphql-ws. */
export class MessagesInPassing {
  readonly #messages = new Map<number, unknown>();
  #last = 0;

  /** Keeps a message for the one who knows its number. */
  put(message: unknown): number {
    this.#last += 1;
    this.#messages.set(this.#last, message);
    return this.#last;
  }

  /** Takes out the message that has a number. */
  take(number: number): unknown {
    const message = this.#messages.get(number);
    if (!this.#messages.delete(number)) throw new TypeError(`no message has the number ${number}`);
    return message;
  }

  /** A reviver for `JSON.parse`, which calls it once, with the number of a message. */
  readonly revive = (_key: string, number: number): unknown => this.take(number);

  /** A replacer for `JSON.stringify`, which calls it once, with the message. */
  readonly replace = (_key: string, message: unknown): number => this.put(message);
}
