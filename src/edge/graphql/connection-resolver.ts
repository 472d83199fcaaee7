import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Connection } from '../../domain/connection.js';
import type { Dataset } from '../../domain/dataset.js';
import type { JsonValue } from '../../domain/json/json-value.js';
import { parseJson } from '../../domain/json/parse-json.js';
import { isUndetermined, type SourceField as SourceFieldValue } from '../../domain/sample/source-field.js';
import type { GraphqlContext } from './context.js';
import { CreateConnectionInput, PageArgs, SearchArgs, UpdateConnectionInput } from './inputs.js';
import { JsonScalar } from './scalars.js';
import { ConnectionList, ConnectionObject, SourceField } from './types/connection.js';
import { DatasetList } from './types/dataset.js';
import { type Page, placeBefore, toPage } from './types/page.js';

@Resolver(() => ConnectionObject)
export class ConnectionResolver {
  @Query(() => ConnectionObject, { nullable: true, description: 'A connection; null when there is none with this id.' })
  connection(@Arg('id', () => ID, { description: 'Its id.' }) id: string, @Ctx() { useCases }: GraphqlContext) {
    return useCases.readCatalog.connection(id);
  }

  @Query(() => ConnectionList, { description: 'Connections, from newest to oldest.' })
  async connections(
    @Args(() => SearchArgs) { first, after, search }: SearchArgs,
    @Ctx() { useCases }: GraphqlContext,
  ): Promise<Page<Connection>> {
    const query = { first, after: placeBefore('connections', after), search: search ?? undefined };
    return toPage('connections', await useCases.readCatalog.connections(query));
  }

  @Query(() => [SourceField], {
    description: 'What a sample would give, before it is saved. Errors: INVALID_SAMPLE, with the place.',
  })
  inferFields(
    @Arg('sample', () => JsonScalar, { description: 'An object, an array of objects, or JSON text.' })
    sample: JsonValue,
    @Ctx() { useCases }: GraphqlContext,
  ): readonly SourceFieldValue[] {
    return useCases.inferFields(sample);
  }

  @Mutation(() => ConnectionObject, { description: 'Makes a connection. Errors: INVALID_SAMPLE, with the place.' })
  createConnection(
    @Arg('input', () => CreateConnectionInput, { description: 'Its name and sample.' }) input: CreateConnectionInput,
    @Ctx() { useCases }: GraphqlContext,
  ): Promise<Connection> {
    return useCases.createConnection(input);
  }

  @Mutation(() => ConnectionObject, {
    description:
      'Changes the name or the sample of a connection. Errors: NOT_FOUND, INVALID_SAMPLE, DESIGN_CONFLICT when it was changed meanwhile.',
  })
  updateConnection(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Arg('input', () => UpdateConnectionInput, { description: 'The changes.' }) input: UpdateConnectionInput,
    @Ctx() { useCases }: GraphqlContext,
  ): Promise<Connection> {
    return useCases.updateConnection(id, { name: input.name ?? undefined, sample: input.sample ?? undefined });
  }

  @Mutation(() => ID, {
    description: 'Removes a connection and returns its id. Errors: NOT_FOUND, IN_USE while a dataset is built on it.',
  })
  deleteConnection(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() { useCases }: GraphqlContext,
  ): Promise<string> {
    return useCases.deleteConnection(id);
  }

  @FieldResolver(() => JsonScalar, { description: 'The sample as it was given: an object, or an array of them.' })
  sample(@Root() connection: Connection): JsonValue {
    return parseJson(connection.sample);
  }

  @FieldResolver(() => DatasetList, { description: 'The datasets built on it, from newest to oldest.' })
  async datasets(
    @Root() { id: connectionId }: Connection,
    @Args(() => PageArgs) { first, after }: PageArgs,
    @Ctx() { useCases }: GraphqlContext,
  ): Promise<Page<Dataset>> {
    const query = { connectionId, first, after: placeBefore('datasets', after) };
    return toPage('datasets', await useCases.readCatalog.datasets(query));
  }
}

@Resolver(() => SourceField)
export class SourceFieldResolver {
  @FieldResolver(() => Boolean, {
    description:
      'Whether the sample shows no value of it: null, [] or {} alone. It then takes any value and keeps it as text, objects and arrays as JSON text.',
  })
  undetermined(@Root() field: SourceFieldValue): boolean {
    return isUndetermined(field);
  }
}
