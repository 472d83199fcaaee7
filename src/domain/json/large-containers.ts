import { ContainerMembers, isContainer } from './container-members.js';
import { WrittenJson } from './json-value.js';

const SIZE_OF_VALUE = 8;
/** How many members are measured between two yields. */
const MEMBERS_OF_SLICE = 16 * 1024;

/** Finds the containers whose JSON text is about `size` characters or longer. Looks at each member once, in slices. */
export function* largeContainers(value: unknown, size: number): Generator<void, ReadonlySet<object>> {
  const search = new Search(size);
  search.measure(value);
  let yieldAt = MEMBERS_OF_SLICE;
  while (search.step()) {
    if (search.seen < yieldAt) continue;
    yieldAt = search.seen + MEMBERS_OF_SLICE;
    yield;
  }
  return search.large;
}

interface OpenContainer {
  readonly members: ContainerMembers;
  size: number;
}

class Search {
  readonly large = new Set<object>();
  /** Members so far. */
  seen = 0;
  readonly #open: OpenContainer[] = [];

  constructor(private readonly size: number) {}

  /** Returns false at the end. */
  step(): boolean {
    const top = this.#open.at(-1);
    if (!top) return false;
    if (top.members.isAtEnd) this.#close(top);
    else this.measure(top.members.take());
    return true;
  }

  measure(value: unknown): void {
    if (isContainer(value)) this.#enter(new ContainerMembers(value));
    else this.#add(lengthOf(value) + SIZE_OF_VALUE);
  }

  #enter(members: ContainerMembers): void {
    this.seen += members.count;
    let size = SIZE_OF_VALUE;
    for (const key of members.keys ?? []) size += key.length;
    this.#open.push({ members, size });
  }

  #close({ members, size }: OpenContainer): void {
    this.#open.pop();
    if (size >= this.size) this.large.add(members.container);
    this.#add(size);
  }

  #add(size: number): void {
    const around = this.#open.at(-1);
    if (around) around.size += size;
  }
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  return value instanceof WrittenJson ? value.literal.length : 0;
}
