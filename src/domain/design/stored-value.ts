export type StoredScalar = string | number | boolean | Date;
/** Null is told by absence, except inside an array. */
export type StoredValue = StoredScalar | readonly (StoredScalar | null)[];

/** A row's values by its columns' stored keys; absent or undefined where there is none. Text stands in full. */
export type StoredValues = Readonly<Record<string, StoredValue | undefined>>;
