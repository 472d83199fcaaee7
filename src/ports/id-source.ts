/** Makes ids: unique everywhere, and later ones sort after earlier ones of the same process. */
export type IdSource = () => string;
