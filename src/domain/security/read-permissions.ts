import { briefJson } from '../json/stringify-json.js';
import { type Fields, fault, fieldsOf, listOf, nameOf, oneOf } from './permission-fields.js';
import type { Permission, PermissionCondition, PermissionGroup } from './permissions.js';
import { readTest } from './read-test.js';

const MAX_PERMISSIONS = 100;
/** The ids of one entry. */
const MAX_DATASETS = 1_000;
const MAX_LEVELS = 8;
/** In all entries. */
const MAX_CONDITIONS = 100;
/** As in a filter: a long text costs a record store up to half a second. */
const MAX_SOUGHT_IN_ALL = 10_000;

/**
 * Reads the claim `permissions` of a viewer token. Whatever it does not understand, it refuses: an unknown key or type, an empty list, a value of a wrong type, a wildcard with another type
 * than EQUAL. Whether names and values fit a dataset is checked when they are compiled for it. Limits: 100 entries, 1,000 ids in an entry, 8 levels of groups, 100 conditions in all, 1,000
 * values in a condition, 1,000 characters in a value, 10,000 in all texts to search for, and 200 in a name. Throws {@link PermissionsError}, naming the place in `place`.
 *
 * Example: `[{"dataset_id": "d1", "record_permissions": [{"security_name": "tenant", "values": ["acme"]}]}]`
 */
export function readPermissions(claim: unknown, place = 'permissions'): readonly Permission[] {
  if (claim === undefined) throw fault(place, 'is missing', 'a list; [] for what is open to every token', 'nothing');
  const reader = new PermissionReader(place);
  return listOf(claim, place, { most: MAX_PERMISSIONS, mayBeEmpty: true }).map((one, index) =>
    reader.permission(one, `${place}[${index}]`),
  );
}

class PermissionReader {
  #conditions = 0;
  #sought = 0;

  constructor(private readonly whole: string) {}

  permission(value: unknown, place: string): Permission {
    const fields = fieldsOf(value, place, ['dataset_id', 'operator', 'record_permissions']);
    return { datasets: datasetsOf(fields.dataset_id, `${place}.dataset_id`), group: this.#group(fields, place, 1) };
  }

  #group(fields: Fields, place: string, level: number): PermissionGroup {
    if (level > MAX_LEVELS)
      throw fault(place, `is nested too deeply`, `at most ${MAX_LEVELS} levels`, `level ${level}`);
    const operator = oneOf(['AND', 'OR'], fields.operator ?? 'AND', `${place}.operator`);
    const inside = `${place}.record_permissions`;
    const members = listOf(fields.record_permissions, inside, { most: MAX_CONDITIONS });
    return { operator, members: members.map((one, index) => this.#member(one, `${inside}[${index}]`, level)) };
  }

  #member(value: unknown, place: string, level: number): PermissionCondition | PermissionGroup {
    const keys = ['security_name', 'values', 'validation_type', 'group_value', 'operator', 'record_permissions'];
    const fields = fieldsOf(value, place, keys);
    if (fields.record_permissions !== undefined || fields.operator !== undefined) {
      return this.#group(fieldsOf(value, place, ['operator', 'record_permissions']), place, level + 1);
    }
    this.#conditions += 1;
    if (this.#conditions > MAX_CONDITIONS)
      throw fault(this.whole, 'has too many conditions', `at most ${MAX_CONDITIONS} conditions`, 'more');
    const securityName = nameOf(fields.security_name, `${place}.security_name`);
    const test = readTest(fields, place);
    if (test.kind === 'TEXTS') this.#sought += test.texts.reduce((sum, { length }) => sum + length, 0);
    if (this.#sought > MAX_SOUGHT_IN_ALL) {
      const what = `searches for texts that have more than ${MAX_SOUGHT_IN_ALL} characters in total`;
      throw fault(this.whole, what, `at most ${MAX_SOUGHT_IN_ALL} characters`, 'more');
    }
    return { securityName, test };
  }
}

function datasetsOf(value: unknown, place: string): readonly string[] | '*' {
  if (value === '*') return '*';
  if (!Array.isArray(value)) return [nameOf(value, place)];
  return listOf(value, place, { most: MAX_DATASETS }).map((one, index) => {
    const id = nameOf(one, `${place}[${index}]`);
    if (id === '*') throw fault(`${place}[${index}]`, 'is "*" in a list; write "*" alone', 'an id', briefJson(id));
    return id;
  });
}
