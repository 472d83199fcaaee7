import { WrittenJson } from './json-value.js';

/** Whether JSON writes a value as an array or as an object with the members that it has. */
export function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof WrittenJson) && !('toJSON' in value);
}

/** The members of an array or an object, taken one after the other. A walk with a stack of these does not overflow, and can pause anywhere. */
export class ContainerMembers {
  /** Null for an array. */
  readonly keys: readonly string[] | null;
  readonly count: number;
  #next = 0;

  constructor(readonly container: object) {
    this.keys = Array.isArray(container) ? null : Object.keys(container);
    this.count = this.keys?.length ?? (container as readonly unknown[]).length;
  }

  get isAtEnd(): boolean {
    return this.#next === this.count;
  }

  /** The key of the next member; undefined in an array. */
  get key(): string | undefined {
    return this.keys?.[this.#next];
  }

  /** Takes the next member. */
  take(): unknown {
    const name = this.key ?? this.#next;
    this.#next += 1;
    return (this.container as Record<string | number, unknown>)[name];
  }
}
