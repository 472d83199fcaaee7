/** Groups fields or columns by the path of their parent, null at the top, and keeps their order. */
export function childrenByParent<T extends { readonly parent: string | null }>(
  items: readonly T[],
): ReadonlyMap<string | null, readonly T[]> {
  const children = new Map<string | null, T[]>();
  for (const item of items) {
    const siblings = children.get(item.parent);
    if (siblings) siblings.push(item);
    else children.set(item.parent, [item]);
  }
  return children;
}
