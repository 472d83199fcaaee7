import { describe, expect, it } from '@jest/globals';
import { buildSchema, graphql } from 'graphql';
import { boundInputs } from './input-bounds.js';

describe('the bounds of inputs', () => {
  it('hold for fields without a resolver of their own, whose values are members of the object', async () => {
    const schema = buildSchema('type Query { length(text: String!): Int }');
    boundInputs(schema);
    const rootValue = { length: ({ text }: { text: string }) => text.length };
    const ask = (length: number) =>
      graphql({
        schema,
        rootValue,
        source: 'query ($text: String!) { length(text: $text) }',
        variableValues: { text: 'x'.repeat(length) },
      });
    expect(await ask(20_000)).toEqual({ data: expect.objectContaining({ length: 20_000 }) });
    expect((await ask(20_001)).errors?.[0]?.message).toBe(
      'text has 20001 characters; at most 20000 are allowed; send less',
    );
  });
});
