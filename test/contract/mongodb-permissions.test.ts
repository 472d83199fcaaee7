import { describePermissions } from './permissions.contract.js';

describePermissions('mongodb', 6_000);
