import { describePermissions } from './permissions.contract.js';

describePermissions('elasticsearch', 2_000);
