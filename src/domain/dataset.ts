/**
 * DRAFT: no design is applied yet. ACTIVE: the draft is the applied design. PENDING_CHANGES: the draft has changes that are not applied. FAILED: its rows are missing
 * from the record store, until a REBUILD makes them again or they are back there.
 */
export const DATASET_STATUSES = ['DRAFT', 'ACTIVE', 'PENDING_CHANGES', 'FAILED'] as const;
export type DatasetStatus = (typeof DATASET_STATUSES)[number];

/** A place in a lane: a position, and the bytes of all payloads up to and with it. */
export interface LanePlace {
  readonly position: number;
  readonly bytes: number;
}

/** The one of two places of a lane that comes later. */
export function laterPlace(place: LanePlace, other: LanePlace | undefined): LanePlace {
  return other && other.position > place.position ? other : place;
}

/** Typed rows, built from the records that are pushed to it. */
export interface Dataset {
  readonly id: string;
  readonly name: string;
  readonly connectionId: string;
  readonly status: DatasetStatus;
  /** The design being edited. */
  readonly draftRevision: number;
  /** The design that loads use; null until changes are applied. */
  readonly appliedRevision: number | null;
  /** The generation its rows are read from; null until changes are applied. */
  readonly generation: string | null;
  /** Records and rows of every completed job. */
  readonly recordCount: number;
  readonly rowCount: number;
  /** How far its lane is final. */
  readonly settled: LanePlace;
  readonly createdAt: Date;
}

/** A dataset whose first design is a draft, and that has no rows yet. */
export function newDataset(named: Pick<Dataset, 'id' | 'name' | 'connectionId' | 'createdAt'>): Dataset {
  return {
    ...named,
    status: 'DRAFT',
    draftRevision: 1,
    appliedRevision: null,
    generation: null,
    recordCount: 0,
    rowCount: 0,
    settled: { position: 0, bytes: 0 },
  };
}
