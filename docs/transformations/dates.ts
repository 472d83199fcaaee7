import type { Family } from './example.js';

export const DATES: Family = {
  title: 'Dates',
  examples: {
    addTime: {
      step: '{ addTime: { column: "invoiced", amount: { constant: 1 }, unit: MONTH } }',
      records: [{ record: { invoiced: '2024-01-31' }, value: '2024-02-29T00:00:00.000Z' }],
    },
    subtractTime: {
      step: '{ subtractTime: { column: "due", amount: { column: "days" }, unit: DAY } }',
      records: [{ record: { due: '2024-03-01T12:00:00Z', days: 14 }, value: '2024-02-16T12:00:00.000Z' }],
    },
    dateDifference: {
      step: '{ dateDifference: { from: { column: "ordered" }, to: { column: "delivered" }, unit: DAY } }',
      records: [{ record: { ordered: '2024-03-01T18:00:00Z', delivered: '2024-03-04T09:00:00Z' }, value: 2 }],
    },
    extractDatePart: {
      step: '{ extractDatePart: { column: "ordered", part: WEEKDAY, timeZone: "Asia/Tokyo" } }',
      records: [{ record: { ordered: '2024-03-01T18:00:00Z' }, value: 6 }],
    },
    truncateDate: {
      step: '{ truncateDate: { column: "ordered", unit: MONTH } }',
      records: [{ record: { ordered: '2024-03-15T18:30:00Z' }, value: '2024-03-01T00:00:00.000Z' }],
    },
    changeTimeZone: {
      step: '{ changeTimeZone: { column: "ordered", from: "Europe/Berlin" } }',
      records: [{ record: { ordered: '2024-07-15T12:00:00' }, value: '2024-07-15T10:00:00.000Z' }],
    },
    now: {
      step: '{ now: { truncateTo: DAY } }',
      savedAt: '2024-07-15T12:30:00Z',
      records: [{ record: { order: 17 }, value: '2024-07-15T00:00:00.000Z' }],
    },
  },
};
