import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Connection } from '../../domain/connection.js';
import type { Dataset } from '../../domain/dataset.js';
import { type JsonValue, WrittenJson } from '../../domain/json/json-value.js';
import { isUndetermined, type SourceField as SourceFieldValue } from '../../domain/sample/source-field.js';
import type { GraphqlContext } from './context.js';
import { CreateConnectionInput, PageArgs, SearchArgs, UpdateConnectionInput } from './inputs.js';
import { JsonScalar } from './scalars.js';
import { ConnectionList, ConnectionObject, SourceField } from './types/connection.js';
import { DatasetList } from './types/dataset.js';
import { decodeAfter, type Page, toPage } from './types/page.js';

@Resolver(() => ConnectionObject)
export class ConnectionResolver {
  @Query(() => ConnectionObject, {
    nullable: true,
    description: 'The connection with this id; null if it does not exist.',
  })
  connection(
    @Arg('id', () => ID, { description: 'The id of the connection.' }) id: string,
    @Ctx() { reader }: GraphqlContext,
  ) {
    return reader.catalog.connection(id);
  }

  @Query(() => ConnectionList, { description: 'All connections, newest first.' })
  async connections(
    @Args(() => SearchArgs) { first, after, search }: SearchArgs,
    @Ctx() { reader }: GraphqlContext,
  ): Promise<Page<Connection>> {
    const query = { first, after: decodeAfter('connections', after), search: search ?? undefined };
    return toPage('connections', await reader.catalog.connections(query));
  }

  @Query(() => [SourceField], {
    description:
      'The fields that a sample would give. Nothing is saved. Errors: INVALID_SAMPLE, which says where the sample is wrong.',
  })
  inferFields(
    @Arg('sample', () => JsonScalar, {
      description: 'A JSON object, an array of JSON objects, or one of these as JSON text.',
    })
    sample: JsonValue,
    @Ctx() { useCases, caller }: GraphqlContext,
  ): Promise<readonly SourceFieldValue[]> {
    return useCases.inferFields(sample, caller);
  }

  @Mutation(() => ConnectionObject, {
    description: 'Creates a connection. Errors: INVALID_SAMPLE, which says where the sample is wrong.',
  })
  createConnection(
    @Arg('input', () => CreateConnectionInput, { description: 'Its name and sample.' }) input: CreateConnectionInput,
    @Ctx() { useCases, caller }: GraphqlContext,
  ): Promise<Connection> {
    return useCases.createConnection(input, caller);
  }

  @Mutation(() => ConnectionObject, {
    description:
      'Changes the name or the sample of a connection. Errors: NOT_FOUND, INVALID_SAMPLE, DESIGN_CONFLICT if something else changed it at the same time.',
  })
  updateConnection(
    @Arg('id', () => ID, { description: 'The id of the connection.' }) id: string,
    @Arg('input', () => UpdateConnectionInput, { description: 'The changes.' }) input: UpdateConnectionInput,
    @Ctx() { useCases, caller }: GraphqlContext,
  ): Promise<Connection> {
    const changes = { name: input.name ?? undefined, sample: input.sample ?? undefined };
    return useCases.updateConnection(id, changes, caller);
  }

  @Mutation(() => ID, {
    description: 'Deletes a connection and returns its id. Errors: NOT_FOUND, IN_USE if a dataset is built on it.',
  })
  deleteConnection(
    @Arg('id', () => ID, { description: 'The id of the connection.' }) id: string,
    @Ctx() { useCases, caller }: GraphqlContext,
  ): Promise<string> {
    return useCases.deleteConnection(id, caller);
  }

  @FieldResolver(() => JsonScalar, { description: 'The sample as it was given: an object or an array of objects.' })
  async sample(@Root() connection: Connection, @Ctx() { shared }: GraphqlContext): Promise<WrittenJson> {
    return new WrittenJson((await shared.sample(connection)).text);
  }

  @FieldResolver(() => [SourceField], { description: "The sample's fields, each parent before its children." })
  async fields(
    @Root() connection: Connection,
    @Ctx() { shared }: GraphqlContext,
  ): Promise<readonly SourceFieldValue[]> {
    return (await shared.sample(connection)).fields;
  }

  @FieldResolver(() => DatasetList, { description: 'The datasets that are built on it, newest first.' })
  async datasets(
    @Root() { id: connectionId }: Connection,
    @Args(() => PageArgs) { first, after }: PageArgs,
    @Ctx() { reader }: GraphqlContext,
  ): Promise<Page<Dataset>> {
    const query = { connectionId, first, after: decodeAfter('datasets', after) };
    return toPage('datasets', await reader.catalog.datasets(query));
  }
}

@Resolver(() => SourceField)
export class SourceFieldResolver {
  @FieldResolver(() => Boolean, {
    description:
      'Whether the sample shows no value for it, only null, [] or {}. It then takes any value and stores it as text; objects and arrays are stored as JSON text.',
  })
  undetermined(@Root() field: SourceFieldValue): boolean {
    return isUndetermined(field);
  }
}
