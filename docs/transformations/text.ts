import type { Family } from './example.js';

export const TEXT: Family = {
  title: 'Text',
  examples: {
    concatenate: {
      step: '{ concatenate: { values: [{ column: "first" }, { column: "last" }], separator: " " } }',
      records: [
        { record: { first: 'Ada', last: 'Lovelace' }, value: 'Ada Lovelace' },
        { record: { first: null, last: 'Lovelace' }, value: 'Lovelace' },
      ],
    },
    lowercase: {
      step: '{ lowercase: { column: "email" } }',
      records: [{ record: { email: 'Ada@Example.COM' }, value: 'ada@example.com' }],
    },
    uppercase: {
      step: '{ uppercase: { column: "street" } }',
      records: [{ record: { street: 'Hauptstraße 5' }, value: 'HAUPTSTRASSE 5' }],
    },
    trim: {
      step: '{ trim: { column: "sku" } }',
      records: [{ record: { sku: '  A-17 ' }, value: 'A-17' }],
    },
    substring: {
      step: '{ substring: { column: "iban", start: -4 } }',
      records: [{ record: { iban: 'GB29NWBK60161331926819' }, value: '6819' }],
    },
    split: {
      step: '{ split: { column: "tags", separator: "," } }',
      records: [{ record: { tags: 'new,sale' }, value: ['new', 'sale'] }],
    },
    replaceText: {
      step: '{ replaceText: { column: "phone", search: "[^0-9+]", mode: REGEX, replacement: "" } }',
      records: [{ record: { phone: '+44 (20) 7946-0018' }, value: '+442079460018' }],
    },
    extractText: {
      step: '{ extractText: { column: "email", pattern: "@(.+)$" } }',
      records: [
        { record: { email: 'ada@example.com' }, value: 'example.com' },
        { record: { email: 'unknown' }, value: null },
      ],
    },
    template: {
      step: '{ template: { template: "{{name}} ({{address.city}})" } }',
      records: [{ record: { name: 'Ada', address: { city: 'London' } }, value: 'Ada (London)' }],
    },
    hash: {
      step: '{ hash: { column: "email", salt: "a secret" } }',
      records: [
        {
          record: { email: 'ada@example.com' },
          value: '8a3cdc6c65c8b0910611600e32eb3e5ba38befadff64a70dfb50386008352452',
        },
      ],
    },
    mask: {
      step: '{ mask: { column: "email", mode: EMAIL, keepStart: 1 } }',
      records: [{ record: { email: 'ada@example.com' }, value: 'a**@example.com' }],
    },
  },
};
